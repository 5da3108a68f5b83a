from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from checks.fact import target_of, vantages
from checks.facts.recommendations import Recommendation, Recommendations, recommendations
from checks.register import read_csv
from checks.target import Target
from checks.vantage import Vantage


def test_a_recommendation_may_have_no_date_by_which_it_is_due() -> None:
    text = "number,standard,given,due,followed\nS-1/D.2/2026,k,2026-10-01,2026-10-31,\nS-2/D.2/2026,l,2026-10-01,,\n"
    register = recommendations(Recommendations(read_csv(Recommendation, text, ZoneInfo("Asia/Jakarta"))))
    assert [(one.due, one.followed) for one in register.rows] == [(date(2026, 10, 31), None), (None, None)]
    assert msgspec.json.decode(msgspec.json.encode(register), type=Recommendations) == register
    assert (vantages(Recommendations), target_of(Recommendations)) == ({Vantage.REGISTER}, Target.PROVIDER)
