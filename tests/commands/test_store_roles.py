"""A marketer's role on PostgreSQL books, and cannot do what is a manager's; the statements work."""

import pytest
from sqlalchemy.engine import make_url

from tests.postgres import Postgres
from tests.team import CONFIG, Team

ROLES = ("blocker_marketer", "blocker_manager", "ana", "ben")


@pytest.fixture
def database(postgres) -> str:
    return make_url(postgres).database


@pytest.fixture
def shared(team, postgres, postgres_server, database) -> Team:
    """A store with roles as `store roles --sql` makes them; Ana is a marketer, Ben a manager."""
    use(team, postgres)
    assert (
        team.run("import", team.tasks("T-1,Landing page,ana,3h,1,,,,,", name="first.csv")).code == 0
    )
    statements = team.run("store", "roles", "--sql").out
    logins = statements.replace("-- CREATE ROLE", "CREATE ROLE")
    for text in (statements, logins, statements):  # they may be run again
        postgres_server.execute(text, database)
    yield team
    for role in ROLES:
        postgres_server.execute(f"DROP OWNED BY {role} CASCADE", database)
    for role in reversed(ROLES):
        postgres_server.execute(f"DROP ROLE {role}")


def use(team: Team, url: str) -> None:
    team.write("config.yaml", f"store: {url}\n{CONFIG}")


def run_as(team: Team, server: Postgres, database: str, who: str, *words: str, claims: str = ""):
    """As the login of that person, who may claim to be somebody else."""
    use(team, server.url(database, who))
    return team.run("--as", claims or who, *words)


def test_a_marketer_books_and_undoes_and_decides_nothing(shared, postgres_server, database):
    def ana(*words, claims="ana"):
        return run_as(shared, postgres_server, database, "ana", *words, claims=claims)

    booked = ana("book", "first.csv", "--sprint", "S27")
    assert booked.code == 0, booked.err
    assert ana("undo").code == 0
    assert ana("book").code == 0
    accepted = ana("accept", "--sprint", "S27", claims="ben")
    assert accepted.code == 4
    assert "the database does not let ana do this (permission denied for table " in accepted.err
    assert accepted.err.count("\n") == 1 and "blocker store roles --sql" in accepted.err
    purged = ana("store", "purge", "--before", "2027-01-01", claims="ben")
    assert (purged.code, purged.out.startswith("Nothing that is closed")) == (0, True)
    assert ana("store", "check").code == 0


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO commitments VALUES ('small', 1, 27, '{}', 'x')",
        "UPDATE commitments SET content = ''",
        "INSERT INTO sprints VALUES ('small', 27, 'accepted')",
        "INSERT INTO closings VALUES ('small', 27, '{}')",
        "DELETE FROM log",
        "UPDATE log SET what = 'nothing'",
        "DELETE FROM amendments",
        "DELETE FROM runs",
        "DROP TABLE tasks",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_what_is_not_a_marketers_is_refused_by_the_database(
    shared, postgres_server, database, statement
):
    with (
        postgres_server.connect(database, "ana") as connection,
        pytest.raises(Exception, match=r"permission denied|must be owner"),
    ):
        connection.execute(statement)


def test_a_manager_accepts_and_brings_the_store_forward_and_others_own_it_too(
    shared, postgres_server, database
):
    def ben(*words):
        return run_as(shared, postgres_server, database, "ben", *words)

    assert ben("book", "--sprint", "S27").code == 0
    accepted = ben("accept", "--sprint", "S27")
    assert accepted.code == 0, accepted.err
    with postgres_server.connect(database) as connection:
        connection.execute("DROP TABLE calendar_copies")
        connection.execute(
            "CREATE TABLE calendar_copies (team text, calendar text, body bytea, tag text, "
            "read_at text)"
        )
        connection.execute("ALTER TABLE calendar_copies OWNER TO blocker_manager")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    ran = ben("book")
    assert ran.code == 4 and "brings them forward with: blocker store migrate" in ran.err
    migrated = ben("store", "migrate")
    assert migrated.code == 0, migrated.err
    assert migrated.out.splitlines()[1:] == [
        "From now on everybody who shares it needs this version of blocker.",
        "Where roles are used, give their rights anew: blocker store roles --sql",
    ]
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_server.execute(owners, database) == [("blocker_manager",)]
    assert "brought the store from schema 0004 to 0005" in ben("store", "log").out
