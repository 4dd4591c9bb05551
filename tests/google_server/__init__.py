"""A Google of our own for the tests: HTTP on loopback that behaves as Google's documents say.

In a test, in the same process::

    from tests.google_server import GoogleServer

    with GoogleServer() as google:                 # leaving fails if a request broke the rules
        ana = google.account("ana@x.example")      # a person and her primary calendar
        ana.put("Stand-up", "2027-01-05 10:00", "2027-01-05 10:30")
        google.token_file(folder / "token.json", "ana@x.example")
        ...                                        # the program, with google.endpoint
        assert google.names() == ["calendar.events.list", "batch"]
        assert len(google.asked("calendar.events.insert")) == 12

The program reaches it by `google.endpoint` (http://127.0.0.1:PORT): Calendar at /calendar/v3/,
batches at /batch/calendar/v3, Sheets at /v4/, signing in at /o/oauth2/auth, /token, /revoke.

People: `calendar.put/move/change/delete/restore`, `calendar.share(account, role)` act at once and
ask for no permission.  `calendar.events()` is what stands there.

Faults: `google.faults.answer("calendar.events.list", 403, "rateLimitExceeded", times=2)`,
`.lose_reply("calendar.events.insert")`, `.close`, `.drip`, `.huge`, `.html`, `.raw`, `.redirect`;
`.before(name, act)` and `.after(name, act)` let a person act in between.  Names are method ids,
"batch", "oauth.token"; `*` stands for anything; `path="*ana@*"`, `skip=`, `times=`, `part=`.

Answers that wait for one another: `google.faults.before("calendar.events.list",
lambda _: barrier.wait(10), times=None)`; `google.most_at_once` counts requests side by side.

Knobs: `google.knobs` (see `state.Knobs`).  Tokens: `google.expire_access_tokens()`,
`google.end_sign_ins()`, `calendar.expire_sync_tokens()`.

Checked: every request against the bundled discovery document, parameters, body, fields mask; what
breaks it is answered 400 and stands in `google.violations`.

As a process of its own: `python -m tests.google_server --port 0 --state FILE.json` (see `control`).
"""

from tests.google_server.server import GoogleServer

__all__ = ["GoogleServer"]
