"""What example mails speak of beside the example dossier: plain values, by the name a template has for them."""

from typing import Any

WORDS = "I could write you a letter, but we only worked together for a week, so it would be fairly general."

_MAIL = {
    "to": "Dr. Elena Lopez <elena.lopez@hospital.example>",
    "subject": "Letter of recommendation",
    "text": "Dear Dr. Lopez,\n\n(the text of the mail)\n\nNadia Rahman",
    "enclosures": ["Rahman_CV.pdf"],
    "cc": "",
}

_DOCUMENT = {
    "kind": "CV", "name": "Rahman_CV.pdf", "version": 2, "about": "2 pages, 81 KB", "new": True, "noted": "",
    "pasted": None,
    "in_packets": [], "findings": ["It still holds comments, which your mentors would see."],
    "versions": [
        {"number": 1, "on": "June 1, 2027", "about": "2 pages, 79 KB", "changed": ""},
        {"number": 2, "on": "July 6, 2027", "about": "2 pages, 81 KB", "changed": ""},
    ],
}  # fmt: skip

LITERALS: dict[str, Any] = {
    "address": "elena.lopez@hospital.example",
    "asked_about": "ask Lopez",
    "asked_for": "",
    "asked_on": "June 14, 2027",
    "behind": ["Dr. Elena Lopez"],
    "changed": "",
    "cancelled": False,
    "columns": ["shoe size"],
    "back_on": "July 19, 2027",
    "backup_for": "",
    "because": "",
    "choices": ["thank", "packet", "wait 10 days", "backup", "write:"],
    "colleagues": [{"name": "Dr. Harold Kim", "email": "kim@hospital.example"}],
    "command": "status",
    "dates": [{"words": "in two weeks", "day": "July 20, 2027", "late": False}],
    "doubt": "nothing passed for students.example",
    "enclosures": ["my CV"],
    "documents": ["my CV"],
    "example": "Subject: mentor Dr. Elena Lopez\n\nemail: elena.lopez@hospital.example",
    "form": [{"key": "email", "value": "", "example": "elena.lopez@hospital.example"}],
    "free": "",
    "genuine": True,
    "guess": "a yes with a reservation",
    "last": False,
    "leaves": "July 7, 2027, 8:00 AM (New York time)",
    "left": ["I hope that you are well."],
    "limit_mb": 10,
    "mail": _MAIL,
    "meanings": [
        {"label": "Dr. Elena Lopez", "detail": "clinical, elena.lopez@hospital.example"},
        {"label": "Dr. Maria Lopez", "detail": "research, maria.lopez@clinic.example"},
    ],
    "mentors": ["Dr. Elena Lopez"],
    "name": "Dr. Elena Lopez",
    "other_address": False,
    "parts": [{"heading": "ask Dr. Elena Lopez", "wrote": "please ask Dr Lopez", "pieces": [], "shown": ["preview"]}],
    "missing": ["known since"],
    "over": False,
    "own_words": "Dear Dr. Lopez,\n\n(the applicant's own words)\n\nNadia Rahman",
    "packet_leaves": "",
    "paused": False,
    "personal": "",
    "prepared": _MAIL,
    "problems": ["the address of Dr. Elena Lopez is missing"],
    "purpose": "ask",
    "quote": WORDS,
    "remark": "550 5.1.1 no such user",
    "same": [{"number": 4, "as": 2}],
    "said": "send it on Tuesday perhaps",
    "sender": "e.lopez@home.example",
    "sender_name": "Elena Lopez",
    "shown": 60,
    "signals": [],
    "subject": "ask Dr. Lopez",
    "submitted": [],
    "subject_line": "mentor Dr. Elena Lopez",
    "taken": [{"number": 2, "name": "Dr. Elena Lopez", "says": "added"}],
    "telling": WORDS,
    "too_large": [],
    "away_from": "",
    "late": [{"name": "ERAS 2028", "purpose": "residency application", "deadline": "September 1, 2027"}],
    "too_late": False,
    "undated": [],
    "unknown": [],
    "until": "July 9, 2027",
    "waits": {},
    "wanted": None,
    "warnings": [],
    "was": False,
    "what": "ask",
    "window": {"from": "June 17, 2027", "to": "August 4, 2027", "when": "now", "left": "8 weeks"},
    "notes": [],
    "holds": [],
    "missed": [],
    "phase": "opens",
    "asks": ["ask Dr. Elena Lopez"],
    "in_person": False,
    "wrong": [{"number": 3, "name": "Dr. Harold Kim", "says": "role “boss” is not one of: clinical, research"}],
    "asked_before": "",
    "changes": [],
    "gone": [],
    "news": "I have eleven interviews, three of them in Chicago.",
    "not_told": ["Dr. Harold Kim is being asked for a letter right now."],
    "old_rules": False,
    "own_text": False,
    "pieces": False,
    "replaced": False,
    "sent": [{"name": "Dr. Elena Lopez", "leaves": ""}],
    "skipped": [],
    "together": 1,
    "told_before": [],
    "unclear": [],
    "waiting": ["Dr. Harold Kim"],
    "closed": "",
    "portal": "ERAS",
    "thanks_on": "July 7, 2027",
    "told": "accepted",
    "why": "",
    "words": "A letter of recommendation from Elena Lopez, MD has been received.",
    "found": ["you watched me lead the family meeting"],
    "lacks": "another",
}

_NO_WORDS: dict[str, Any] = {"prepared": None, "quote": "", "dates": [], "colleagues": []}

_WAITED = {"purpose": "ask", "to": "Dr. Elena Lopez", "now": "shown"}

OUTSIDE = frozenset(f"applicant/{name}" for name in ("agreed", "declined", "talked", "assigned", "cancel"))
_ROW = dict.fromkeys(("what", "subject", "state", "leaves", "remark", "to", "words"), "")

OF_ONE_TEMPLATE: dict[str, dict[str, Any]] = {
    "mentor/cancelled": {"agreed": True},
    "applicant/needs_talked": _NO_WORDS | {"choices": ["agreed", "declined", "wait 10 days"]},
    "applicant/needs_cancel": _NO_WORDS | {"choices": ["cancel", "keep"]},
    "applicant/drop": {"what": ["Dr. Elena Lopez"], "waited": [], "now_current": "", "none_left": ""},
    "applicant/change": {
        "who": "Dr. Elena Lopez", "rows": [{"what": "email", "before": "e@old.example", "after": "e@new.example"}],
        "greeting": "", "bounced": "", "waited": [_WAITED], "compared": False,
        "window": {"from": "", "to": "", "when": "", "left": ""},
    },
    "applicant/unfit": {"said": ["Dr. Harold Kim has not been asked yet; send: ask Dr. Harold Kim."], "done": []},
    "applicant/done": {"said": ["The packet to Dr. Elena Lopez goes now."]},
    "applicant/needs_bounced": _NO_WORDS | {"choices": ["address name@example.edu", "backup", "nothing"]},
    "applicant/needs_check_portal": _NO_WORDS | {"choices": ["received", "not yet"]},
    "applicant/needs_away": _NO_WORDS | {
        "choices": ["backup", "talk", "wait 60 days"], "back_on": "September 6, 2027",
        "telling": "I am away until September 6, 2027.",
    },
    "applicant/told_window": {"quote": ""},
    "applicant/told_received_notice": {"quote": ""},
    "applicant/needs_gone": _NO_WORDS | {
        "choices": ["address name@example.edu", "backup", "talk", "nothing"],
        "telling": "I have retired from the hospital.",
    },
    "applicant/needs_notice": _NO_WORDS | {"choices": ["write:", "talk", "nothing"], "told": "rejected"},
    "applicant/noticed": {
        "meanings": [{"label": "received Dr. Elena Lopez for ERAS 2028, internal medicine", "detail": ""}],
        "told": "received", "doubt": "", "why": "it does not name the writer", "writer": "",
    },
    "applicant/needs_overdue": _NO_WORDS
    | {"choices": ["received", "wait 3 days", "backup", "write:"],
       "missed": [{"deadline": "Wednesday, September 1, 2027, 11:59 PM (New York time)", "of": ["Mercy Hospital"]}]},
    "applicant/application": {"dates": [
        {"kind": "visible_from", "cycle": "2027", "on": "Thursday, September 24, 2026, 9:00 AM (New York time)",
         "past": True, "who": "programs", "write": ""},
    ]},
    "applicant/needs_reported": {"choices": ["received", "not yet"], "prepared": None},
    "applicant/needs_silent": _NO_WORDS | {"choices": ["backup", "talk", "wait 10 days", "close"]},
    "applicant/preview_all": {"what": "update", "changed": []},
    "applicant/told_expired": {"problems": []},
    "applicant/needs_episodes": _NO_WORDS | {"choices": ["episode:", "ask anyway", "nothing"]},
    "mentor/answer": {"asked": ["asks_deadline", "asks_how"]},
    "mentor/more_time": {"named": "Friday, August 20, 2027"},
    "applicant/needs_meet": _NO_WORDS | {
        "choices": ["talk", "write:", "agreed", "declined", "wait 10 days"], "documents": ["my CV"],
    },
    "applicant/needs_more_time": {
        "choices": ["send", "wait until Friday, August 20, 2027", "write:", "backup"],
        "named": "Friday, August 20, 2027", "late": False,
    },
    "applicant/needs_later": {"named": "Friday, October 1, 2027", "late": True},
    "applicant/told_later": {"named": "Tuesday, June 29, 2027"},
    "applicant/needs_delegated": {"choices": ["cc j@hospital.example", "packet"], "group": True, "prepared": None},
    "applicant/needs_late_yes": {"choices": ["thank", "packet", "write:", "nothing"], "over": True},
    "applicant/needs_changed_mind": {
        "earlier": {"words": "I am sorry, I am not able to.", "day": "Monday, June 14, 2027"}, "thanked": False,
        "asked_instead": ["Dr. Harold Kim"],
    },
    "applicant/suggested": {
        "suggested_by": "Dr. Elena Lopez", "name": "Jane Rosen", "address": "", "subject_line": "mentor Jane Rosen",
    },
    "applicant/needs_unknown": _NO_WORDS | {"choices": ["it arrived", "send again"]},
    "applicant/forwarded": {
        "meanings": [
            {"label": "agreed Dr. Elena Lopez", "detail": "it is a yes"},
            {"label": "declined Dr. Elena Lopez", "detail": "it is a no"},
        ],
    },
    "applicant/which": {"said": ""},
    "applicant/mentor": {"application": "ERAS 2028, internal medicine"},
    "applicant/material": {"documents": [_DOCUMENT], "problems": []},
    "applicant/mentors": {
        "mentors": [{"name": "Dr. Elena Lopez", "email": "elena.lopez@hospital.example", "letters": []}]
    },
    "mentor/new_version": {"documents": [{"name": "CV", "changes": ["my second paper was accepted"]}]},
    "applicant/calendar": {"file": "lorbot-calendar.ics"},
    "applicant/export": {"materials": ["Rahman_CV.pdf"], "file": "lorbot-Rahman.zip", "scope": "whole"},
    "applicant/forget": {
        "letters": [{"mentor": "Dr. Elena Lopez", "application": "ERAS 2028, internal medicine",
                     "saying": "asked, no answer yet"}],
        "under_way": ["Dr. Elena Lopez"], "mentors": ["Dr. Elena Lopez"], "applications": ["ERAS 2028"],
        "materials": ["Rahman_CV.pdf, version 1"], "mails": 3, "contacts": 2, "waiting": [], "still_named": [],
        "never": [], "days": 7,
    },
    "applicant/forgotten": {"never": [], "still_named": []},
    "applicant/history": {
        "history": [
            {"name": "Dr. Elena Lopez", "email": "elena.lopez@hospital.example", "out": 1, "came": 1, "months": [
                {"name": "June 2027", "rows": [
                    _ROW | {"on": "Mon, June 14, 10:33 AM", "who": "out", "what": "ask", "state": "sent",
                            "subject": "Letter of recommendation for my residency application"},
                    _ROW | {"on": "Tue, June 15, 4:33 PM", "who": "in", "words": WORDS},
                ]},
            ]},
        ],
    },
}  # fmt: skip
"""Where one template means something else by a name, or has other words to answer with."""
