BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE calendar_copies (
	team VARCHAR(80) NOT NULL, 
	calendar TEXT NOT NULL, 
	body BLOB NOT NULL, 
	tag TEXT NOT NULL, 
	read_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (team, calendar)
);
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
COMMIT;
