"""The clock and the manners as numbers. One place; the configuration overrides it.

Sources: the owner's brief (ask windows, reminders one to two weeks before, a few updates a year);
nudges on day 7 and 14, and day 16 to the applicant, after the UK's Apply for teacher training
(DFE-Digital/apply-for-teacher-training, app/workers/chase_references.rb).
"""

from pydantic import Field

from lorbot.core.value import Line, value


@value
class Policy:
    nudge_after_days: tuple[int, ...] = (7, 14)
    choose_after_days: int = 16  # the applicant chooses: talk in person, or the backup
    remind_before_days: tuple[int, ...] = (14, 7)  # before the true deadline
    last_call_before_days: int = 2  # only if the applicant approves
    thank_after_working_days: int = 1  # after the letter was received
    prompt_update_after_days: int = 120  # a mentor who has heard nothing for so long
    updates_per_year: int = 4
    update_rest_days: int = 4  # news does not follow another mail to the mentor sooner
    check_portal_after_days: int = 3  # asked once more whether a reported letter was received
    preview_expires_after_days: int = 14
    preview_repeat_after_days: int = 4
    question_repeat_after_days: int = 5  # once; from then on it is listed in the status
    bring_up_after_days: int = 7  # after the applicant's own words on a letter that nothing else would move
    hours_from: int = Field(default=8, ge=0, le=23)  # the mentor's local hour
    hours_to: int = Field(default=18, ge=1, le=24)
    weekdays_only: bool = True
    holidays: Line = "US"  # ISO 3166 country whose public holidays are kept; "" for none
    quiet_from: Line = "12-24"  # month-day, to quiet_to: nothing is sent
    quiet_to: Line = "01-02"
    most_unanswered: int = 3  # two unanswered mails and one last, per mentor and letter
    time_zone: Line = "America/New_York"  # where nobody gave one
    send_attempts: int = 12  # temporary failures, then refused
    retry_after_minutes: int = 5  # doubled after each temporary failure, up to four hours
