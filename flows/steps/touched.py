"""Which closed periods a new delivery is about."""

from __future__ import annotations

from flows.domain.lifecycle import State
from flows.domain.period import Period
from flows.steps.findings import reading
from flows.store.deliveries import recorded
from flows.store.delivery_events import last_events
from flows.store.delivery_selection import stands_on_destroyed
from flows.store.home import Home
from flows.store.versions import period_state

#: A delivery's number tells what came after the version: clocks may be turned back.
_TOUCHED = """
    with last_closings as (
        select period, version
        from control.closings
        qualify row_number() over (partition by period order by closing_id desc) = 1
    ),
    newest_used as (
        select period, version, max(delivery_id) as delivery_id
        from control.version_deliveries
        group by period, version
    )
    select distinct closed.period
    from last_closings as closed
    left join newest_used as used on closed.period = used.period and closed.version = used.version
    left join control.deliveries as landed
        on landed.status = 'landed'
        and landed.delivery_id > used.delivery_id
        and landed.period <= closed.period
        and year(landed.period) >= year(closed.period) - 1
    where closed.version is null or landed.delivery_id is not null
    order by closed.period
"""

#: What each period's last version stands on.
_USED = """
    select period, delivery_id
    from control.version_deliveries
    qualify version = max(version) over (partition by period)
"""


def touched_periods(home: Home) -> tuple[Period, ...]:
    """The open periods that something has landed or was withdrawn for since they were last published, oldest first.

    One that was barred last is among them: its next close costs nothing where nothing changed. One whose rows retention
    has destroyed is not: it cannot be closed any more.
    """
    with reading(home) as connection:
        rows = connection.execute(_TOUCHED).fetchall()
        used = connection.execute(_USED).fetchall()
        acts = last_events(connection)
        gone = {month for month, number in used if number in acts and acts[number].act == "withdraw"}
        periods = sorted({Period.of(month) for month in (*gone, *(month for (month,) in rows))})
        received = recorded(connection) if periods else []
        return tuple(
            period
            for period in periods
            if period_state(connection, period) is not State.LOCKED and not stands_on_destroyed(received, period)
        )
