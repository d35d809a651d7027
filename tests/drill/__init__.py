"""Thirty-one nights of a served house in one run: real servers, real schedules, and a clock that is set by hand."""
