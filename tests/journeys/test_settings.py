"""`/askdesk settings`: a manager changes the program in Slack, and it counts at once."""

from __future__ import annotations

from tests.journeys.floor import ASK, PATIENT, Floor


def test_a_manager_changes_when_the_desk_is_reminded(desk: Floor) -> None:
    """The form closes, the overview behind it shows what stands now, and the channel reads who changed what."""
    assert desk.mia.types("/askdesk settings", in_=ASK).acked
    overview = desk.mia.modal("Settings", within=PATIENT)
    overview.click("Edit", near="Reminders")
    form = desk.mia.modal("Reminders", within=PATIENT)
    result = form.submit({"Unclaimed: remind after (minutes)": "2, 5"})
    assert result.ok, result
    overview.shows("Unclaimed 2, 5 min", within=PATIENT)
    desk.ben.sees("changed the settings", in_=ASK, within=PATIENT)
