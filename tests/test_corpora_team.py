"""Lists as teams: the first answer to each outsider is the one that a plain walk over the archive finds."""

from __future__ import annotations

import pytest

from benchmarks.real import team, walk

pytestmark = pytest.mark.corpus

COUNTS = {
    "usrp-users": (2_279, 905),
    "usrp-users, domains alone": (2_816, 542),
    "jailhouse-dev": (1_299, 521),
    "samba-technical": (1_024, 441),
}


@pytest.fixture(scope="module", params=team.SETTINGS)
def listed(request):
    """Return a team's name, its setting and its workspace."""
    setting = team.SETTINGS[request.param]
    found = team.imported(setting)
    yield request.param, setting, found
    found.store.close()


def test_first_answers_are_those_of_a_plain_walk(listed):
    """The same leads, closed by the same messages."""
    name, setting, found = listed
    leads = {(lead.opened_by, lead.closed_by) for lead in team.leads(found)}

    walked = walk.first_answers(setting.path, walk.Team(setting.address, setting.domains, setting.private))

    assert leads == walked
    assert (len(leads), sum(closer is not None for _, closer in leads)) == COUNTS[name]


@pytest.mark.parametrize("listed", ["usrp-users, domains alone"], indirect=True)
def test_answered_threads_are_those_of_the_readme(listed):
    """Counted loosely, 612 threads of outsiders get a post of the domains' people, in median after 12.0 h."""
    begun = team.threads(listed[2])

    assert len(begun) == 1_929
    assert sum(thread.answered_by is not None for thread in begun) == 612
    assert team.median_hours(thread.seconds for thread in begun) == pytest.approx(12.0, abs=0.05)


@pytest.mark.parametrize("listed", ["usrp-users"], indirect=True)
def test_private_address_of_a_person_makes_answers_the_team_s(listed):
    """With the answerer who has no company address the team answers two thirds more leads, and he most."""
    assert team.credits_of(listed[2]).most_common(1)[0][0] == "patchvonbraun@gmail.com"
