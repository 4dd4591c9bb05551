"""Ids that were made from titles, written back into the spreadsheet they came from."""

from __future__ import annotations

from blocker.commands.task_source import Source, read_table
from blocker.domain.errors import Mistake, Refused, WrongInput, WrongUse
from blocker.intake.google_tab import GoogleTab
from blocker.workspace import Workspace


def write_ids(workspace: Workspace, source: Source) -> int:
    """Fill the empty cells of the column `id`; says how many.

    A task then stays the same when its title changes.  The tab is read again just before, so that
    rows that moved meanwhile get their own ids.
    Raises WrongUse for a file, WrongInput where there is no such column, Unreachable, Refused when
    somebody edits the tab at the same time.
    """
    if not isinstance(source, GoogleTab):
        raise WrongUse("--write-ids is for a Google Sheet; in a file, add the ids yourself")
    from blocker.intake.cells import cell_name
    from blocker.intake.columns import find_columns
    from blocker.intake.problems import Mistakes

    table = read_table(workspace, source, {})
    assert table.sheet is not None and table.tab is not None, "a tab was read"
    names, line = table.sheet.names, table.sheet.line
    found = find_columns(names, workspace.config.columns, line, Mistakes(str(source)))
    position = found.at.get("id")
    if position is None:
        remedy = "write `id` above an empty column, then run it again"
        raise WrongInput([Mistake(str(source), line, "", "has no column id", remedy)])
    lacking = {cell_name(position, row.line): row.id for row in table.tasks.rows if row.id_is_made}
    if not lacking:
        return 0
    workspace.sheets().fill(table.tab, lacking)
    after = read_table(workspace, source, {})
    if [row.id for row in after.tasks.rows] != [row.id for row in table.tasks.rows]:
        raise Refused(
            f"{source}: somebody edited the tab while ids were written; look at its column id, "
            "correct what stands in the wrong row, and run it again"
        )
    return len(lacking)
