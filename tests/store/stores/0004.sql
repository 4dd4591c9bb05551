BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE amendments (
	id INTEGER NOT NULL, 
	team VARCHAR(80) NOT NULL, 
	sprint INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	task VARCHAR(64), 
	member VARCHAR(80), 
	content JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "amendments" VALUES(1,'small',27,'more','T-1',NULL,'{"kind": "more", "sprint": 27, "at": "2027-01-04T09:00:00Z", "by": "ana", "task": "T-1", "member": null, "minutes": "PT1H", "span": null, "to": null, "because": "two more languages", "asked_by": null, "detail": "", "id": 0}');
CREATE TABLE calendar_copies (
	team VARCHAR(80) NOT NULL, 
	calendar TEXT NOT NULL, 
	body BLOB NOT NULL, 
	tag TEXT NOT NULL, 
	read_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (team, calendar)
);
INSERT INTO "calendar_copies" VALUES('small','url https://feeds.example',X'53554D4D4152593A446F63746F722773206170706F696E746D656E74','"tag"','2027-01-04T08:00:00+00:00');
CREATE TABLE closings (
	team VARCHAR(80) NOT NULL, 
	sprint INTEGER NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (team, sprint)
);
INSERT INTO "closings" VALUES('small',26,'{"team": "small", "sprint": 26, "sprint_name": "S26", "closed_at": "2027-01-04T08:00:00Z", "closed_by": "ben", "was_accepted": false, "promised": "PT0S", "standing": "PT0S", "stood": "PT0S", "tasks": []}');
CREATE TABLE commitments (
	team VARCHAR(80) NOT NULL, 
	number INTEGER NOT NULL, 
	sprint INTEGER NOT NULL, 
	content TEXT NOT NULL, 
	seal VARCHAR(64) NOT NULL, 
	PRIMARY KEY (team, number), 
	UNIQUE (team, sprint)
);
INSERT INTO "commitments" VALUES('small',1,27,'{"accepted_at":"2027-01-04T08:00:00Z","accepted_by":"ben","exceptions":[],"findings":[],"previous":null,"sprint":27,"sprint_name":"S27","tasks":[{"after":[],"blocks":[{"calendar":"ics out/ana.ics","counted":"PT2H","instance":"","interval":{"end":"2027-01-04T10:00:00Z","start":"2027-01-04T08:00:00Z"},"matched_by":"property","uid":"98dke7dtfbdlsc3h5s8qdf98dk@blocker"},{"calendar":"ics out/ana.ics","counted":"PT1H","instance":"","interval":{"end":"2027-01-04T13:00:00Z","start":"2027-01-04T12:00:00Z"},"matched_by":"property","uid":"mf2d0574598i9dalafg836sl7k@blocker"}],"campaign":null,"due":"2027-01-08T23:00:00Z","estimate":"PT3H","id":"T-1","not_before":"2027-01-03T23:00:00Z","outcome":"leads","owner":"ana","priority":1,"state":"open","title":"Landing page"},{"after":["T-1"],"blocks":[{"calendar":"ics out/ben.ics","counted":"PT1H","instance":"","interval":{"end":"2027-01-05T14:00:00Z","start":"2027-01-05T13:00:00Z"},"matched_by":"property","uid":"fqg48ajcp4vrltir0kpfv8oaqc@blocker"}],"campaign":null,"due":"2027-01-08T23:00:00Z","estimate":"PT1H","id":"T-2","not_before":"2027-01-03T23:00:00Z","outcome":null,"owner":"ben","priority":2,"state":"open","title":"Blog post"}],"team":"small","waivers":[]}','c3003f208c68b9f8aea8b3044b4f0b3f96f4f538bd1ecb9413b3cc911ebe3015');
CREATE TABLE completions (
	team VARCHAR(80) NOT NULL, 
	task VARCHAR(64) NOT NULL, 
	member VARCHAR(80) NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (team, task)
);
INSERT INTO "completions" VALUES('small','T-0','ana','{"task": "T-0", "member": "ana", "sprint": 26, "campaign": null, "estimate": "PT2H", "took": "PT3H", "at": "2027-01-04T08:00:00Z"}');
CREATE TABLE day_limits (
	team VARCHAR(80) NOT NULL, 
	member VARCHAR(80) NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	minutes INTEGER NOT NULL, 
	because TEXT, 
	PRIMARY KEY (team, member, day)
);
CREATE TABLE intents (
	id INTEGER NOT NULL, 
	team VARCHAR(80) NOT NULL, 
	run INTEGER NOT NULL, 
	member VARCHAR(80) NOT NULL, 
	calendar TEXT NOT NULL, 
	uid VARCHAR(120) NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	state VARCHAR(16) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "intents" VALUES(1,'small',1,'ana','ics out/ana.ics','98dke7dtfbdlsc3h5s8qdf98dk@blocker','null','{"uid": "98dke7dtfbdlsc3h5s8qdf98dk@blocker", "member": "ana", "task": "T-1", "sprint": 27, "sprint_name": "S27", "part": 1, "parts": 2, "start": "2027-01-04T08:00:00+00:00", "end": "2027-01-04T10:00:00+00:00", "zone": "Europe/Paris", "title": "Landing page [T-1]", "description": "Estimate: 3h\nDue: 2027-01-08\nOutcome: leads", "categories": ["Work block", "leads"]}','done');
INSERT INTO "intents" VALUES(2,'small',1,'ana','ics out/ana.ics','mf2d0574598i9dalafg836sl7k@blocker','null','{"uid": "mf2d0574598i9dalafg836sl7k@blocker", "member": "ana", "task": "T-1", "sprint": 27, "sprint_name": "S27", "part": 2, "parts": 2, "start": "2027-01-04T12:00:00+00:00", "end": "2027-01-04T13:00:00+00:00", "zone": "Europe/Paris", "title": "Landing page [T-1]", "description": "Estimate: 3h\nDue: 2027-01-08\nOutcome: leads", "categories": ["Work block", "leads"]}','done');
INSERT INTO "intents" VALUES(3,'small',1,'ben','ics out/ben.ics','fqg48ajcp4vrltir0kpfv8oaqc@blocker','null','{"uid": "fqg48ajcp4vrltir0kpfv8oaqc@blocker", "member": "ben", "task": "T-2", "sprint": 27, "sprint_name": "S27", "part": 1, "parts": 1, "start": "2027-01-05T13:00:00+00:00", "end": "2027-01-05T14:00:00+00:00", "zone": "Europe/Paris", "title": "Blog post [T-2]", "description": "Estimate: 1h\nDue: 2027-01-08 12:00", "categories": ["Work block"]}','done');
CREATE TABLE log (
	id INTEGER NOT NULL, 
	team VARCHAR(80) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	who VARCHAR(80), 
	what TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log" VALUES(1,'small','2027-01-04T08:00:00+00:00','ben','accepted S27');
CREATE TABLE outcomes (
	team VARCHAR(80) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (team, id)
);
INSERT INTO "outcomes" VALUES('small','leads','{"id": "leads", "title": "300 leads", "quarter": {"year": 2027, "number": 1}, "owner": "ben", "closed_at": null}');
CREATE TABLE receipts (
	team VARCHAR(80) NOT NULL, 
	calendar TEXT NOT NULL, 
	uid VARCHAR(120) NOT NULL, 
	member VARCHAR(80) NOT NULL, 
	task VARCHAR(64) NOT NULL, 
	sprint INTEGER NOT NULL, 
	block JSON NOT NULL, 
	revision TEXT NOT NULL, 
	PRIMARY KEY (team, calendar, uid)
);
INSERT INTO "receipts" VALUES('small','ics out/ana.ics','98dke7dtfbdlsc3h5s8qdf98dk@blocker','ana','T-1',27,'{"uid": "98dke7dtfbdlsc3h5s8qdf98dk@blocker", "member": "ana", "task": "T-1", "sprint": 27, "sprint_name": "S27", "part": 1, "parts": 2, "start": "2027-01-04T08:00:00+00:00", "end": "2027-01-04T10:00:00+00:00", "zone": "Europe/Paris", "title": "Landing page [T-1]", "description": "Estimate: 3h\nDue: 2027-01-08\nOutcome: leads", "categories": ["Work block", "leads"]}','2d6a5e2b1cbf10b54a47');
INSERT INTO "receipts" VALUES('small','ics out/ana.ics','mf2d0574598i9dalafg836sl7k@blocker','ana','T-1',27,'{"uid": "mf2d0574598i9dalafg836sl7k@blocker", "member": "ana", "task": "T-1", "sprint": 27, "sprint_name": "S27", "part": 2, "parts": 2, "start": "2027-01-04T12:00:00+00:00", "end": "2027-01-04T13:00:00+00:00", "zone": "Europe/Paris", "title": "Landing page [T-1]", "description": "Estimate: 3h\nDue: 2027-01-08\nOutcome: leads", "categories": ["Work block", "leads"]}','dfb2966bff0217536e02');
INSERT INTO "receipts" VALUES('small','ics out/ben.ics','fqg48ajcp4vrltir0kpfv8oaqc@blocker','ben','T-2',27,'{"uid": "fqg48ajcp4vrltir0kpfv8oaqc@blocker", "member": "ben", "task": "T-2", "sprint": 27, "sprint_name": "S27", "part": 1, "parts": 1, "start": "2027-01-05T13:00:00+00:00", "end": "2027-01-05T14:00:00+00:00", "zone": "Europe/Paris", "title": "Blog post [T-2]", "description": "Estimate: 1h\nDue: 2027-01-08 12:00", "categories": ["Work block"]}','23acc3de007e3408eac6');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	team VARCHAR(80) NOT NULL, 
	command VARCHAR(16) NOT NULL, 
	asker VARCHAR(80), 
	sprint INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	undone VARCHAR(40), 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'small','book',NULL,27,'2027-01-04T07:00:00+00:00',NULL);
CREATE TABLE sprints (
	team VARCHAR(80) NOT NULL, 
	number INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	PRIMARY KEY (team, number)
);
INSERT INTO "sprints" VALUES('small',27,'accepted');
INSERT INTO "sprints" VALUES('small',26,'closed');
CREATE TABLE tasks (
	team VARCHAR(80) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	owner VARCHAR(80) NOT NULL, 
	estimate INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	due VARCHAR(40), 
	not_before VARCHAR(40), 
	"after" JSON NOT NULL, 
	outcome TEXT, 
	campaign TEXT, 
	sprint INTEGER, 
	state VARCHAR(16) NOT NULL, 
	id_is_made BOOLEAN NOT NULL, 
	imported JSON, shortest INTEGER, longest INTEGER, 
	PRIMARY KEY (team, id)
);
INSERT INTO "tasks" VALUES('small','T-1',1,'Landing page','ana',10800,1,'2027-01-08',NULL,'[]','leads',NULL,27,'open',0,'{"id": "T-1", "title": "Landing page", "owner": "ana", "estimate": "3h", "priority": "1", "due": "2027-01-08", "outcome": "leads"}',NULL,NULL);
INSERT INTO "tasks" VALUES('small','T-2',2,'Blog post','ben',3600,2,'W1 Fri 12:00',NULL,'[["T-1", 86400]]',NULL,NULL,27,'open',0,'{"id": "T-2", "title": "Blog post", "owner": "ben", "estimate": "1h", "priority": "2", "due": "W1 Fri 12:00", "after": "T-1+1d"}',NULL,NULL);
CREATE INDEX intents_by_run ON intents (team, run);
CREATE INDEX intents_by_state ON intents (team, state);
CREATE INDEX amendments_by_sprint ON amendments (team, sprint);
CREATE INDEX log_by_team ON log (team, id);
COMMIT;
