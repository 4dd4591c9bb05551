"""What other tools and other languages call the columns of a tasks file."""

from __future__ import annotations

# What other tools and languages call these columns, folded by `columns.bare`.  Names that also mean
# something else in a marketer's table (status, labels, created, points) are not here.
SYNONYMS: dict[str, str] = {
    "id": "task id|issue key|key|card id|ticket|ticket id|task key|ref|clave|schlussel|cle",
    "title": "task|tasks|task name|task title|summary|issue|issue summary|card name|card title|"
    "tache|taches|titre|intitule|nom de la tache|resume|aufgabe|aufgaben|titel|betreff|tarea|"
    "tareas|titulo|resumen|nombre de la tarea|tarefa|resumo|attivita|titolo|taak|taken|uppgift",
    "owner": "assignee|assigned to|assigned|owners|task owner|responsible|responsible person|"
    "person responsible|member|members|assignee name|assignee email|who|"
    "responsable|proprietaire|assigne|assigne a|attribue a|personne|verantwortlich|"
    "verantwortliche|verantwortlicher|zustandig|bearbeiter|zugewiesen an|inhaber|asignado|"
    "asignado a|persona asignada|encargado|propietario|responsavel|atribuido a|responsabile|"
    "assegnatario|assegnato a|verantwoordelijke|toegewezen aan|ansvarig|eigenaar",
    "estimate": "estimation|estimates|estimated|estimated time|time estimate|estimated duration|"
    "original estimate|original time estimate|duration|effort|work|duree|duree estimee|"
    "temps estime|charge|estime|aufwand|geschatzter aufwand|dauer|schatzung|duracion|esfuerzo|"
    "estimacion|tiempo estimado|duracao|esforco|estimativa|durata|stima|tempo stimato|duur|"
    "schatting|inspanning|uppskattning",
    "hours": "hour|hrs|hours est|est hours|estimated hours|hours estimated|estimate hours|"
    "estimate h|hours estimate|heure|heures|nombre d heures|heures estimees|stunden|"
    "geschatzte stunden|std|horas|horas estimadas|ore|ore stimate|uren|timmar|effort hours|"
    "effort h|duration h|duration hours|aufwand h|aufwand std|aufwand stunden|duree h",
    "priority": "prio|priorities|priority level|importance|urgency|priorite|urgence|"
    "prioritat|wichtigkeit|dringlichkeit|prioridad|importancia|prioridade|priorita|prioriteit|"
    "prioritet",
    "due": "due date|due by|due on|due at|due dates|date due|deadline|deadlines|dead line|"
    "deadline date|end date|target date|finish date|finish by|echeance|date d echeance|"
    "date echeance|date limite|date de fin|fin|a rendre|frist|fallig|fallig am|falligkeit|"
    "falligkeitsdatum|termin|abgabe|abgabetermin|enddatum|fecha limite|fecha de vencimiento|"
    "vencimiento|fecha de entrega|entrega|plazo|prazo|data de vencimento|data limite|scadenza|"
    "data di scadenza|vervaldatum|einddatum|forfallodatum|deadlinedatum",
    "not_before": "not before|start|start date|starts|starts on|starting|begin|begin date|"
    "earliest start|start no earlier than|debut|date de debut|pas avant|beginn|startdatum|start am|"
    "fruhestens|nicht vor|inicio|fecha de inicio|no antes de|data de inicio|inizio|data di inizio|"
    "begindatum",
    "after": "depends on|dependencies|dependency|depends|blocked by|predecessor|predecessors|"
    "waits for|waiting on|blocked by dependencies|requires|depend de|dependances|dependance|"
    "apres|bloque par|predecesseurs|abhangig von|abhangigkeit|abhangigkeiten|vorganger|nach|"
    "depende de|dependencias|despues de|predecesores|dipendenze|dipende da|dopo|afhankelijk van|"
    "afhankelijkheden|na",
    "outcome": "outcomes|quarterly outcome|outcome id|quarter outcome",
    "campaign": "campaigns|campaign name|campagne|campagnes|kampagne|kampagnen|campana|campanas|"
    "campanha|campagna|kampanj|nom de la campagne",
    "sprint": "sprint name|sprint number|sprints|iteration",
    "shortest": "shortest block|min block|minimum block|min chunk|minimum chunk|min duration|"
    "minimum duration|minimum time|bloc minimum|bloc min|duree minimale|duree min|"
    "kurzester block|mindestdauer|bloque minimo|duracion minima|bloco minimo|duracao minima|"
    "blocco minimo|durata minima|kortste blok|minimale duur",
    "longest": "longest block|max block|maximum block|max chunk|maximum chunk|max duration|"
    "maximum duration|maximum time|bloc maximum|bloc max|duree maximale|duree max|"
    "langster block|hochstdauer|maximaldauer|bloque maximo|duracion maxima|bloco maximo|"
    "duracao maxima|blocco massimo|durata massima|langste blok|maximale duur",
}
# Only when the table has no title at all may these be it.
MAY_BE_TITLE = frozenset(
    {"name", "nom", "nombre", "nome", "naam", "item", "subject", "what", "card", "todo", "to do"}
)
WORDS = {name: target for target, names in SYNONYMS.items() for name in names.split("|")}
# One letter away from a column of ours, and plain words of this trade.
UNRELATED = frozenset({"print", "spring", "sprints done", "tile", "alter", "yours", "title tag"})
HOUR_WORDS = frozenset({"hours", "hrs", "h", "std", "stunden", "heures", "horas", "ore", "uren"})
ESTIMATE_WORDS = frozenset({"est", "estimate", "estimated", "planned", "effort", "total"})
TELLING_WORDS = {
    "deadline": "due",
    "due": "due",
    "echeance": "due",
    "assignee": "owner",
    "estimate": "estimate",
}
