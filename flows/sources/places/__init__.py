"""The places that exports are fetched from: nothing is ever written, moved or deleted there."""
