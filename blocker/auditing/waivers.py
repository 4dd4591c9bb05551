"""Waivers: errors that the manager accepted as they were, and nothing worse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from blocker.domain.commitment import SealedFinding, Waiver
from blocker.domain.finding import Code, Finding, Severity


@dataclass(frozen=True, slots=True)
class Waived:
    """The waivers of an accepted sprint, and what the sealed report said of one member."""

    waivers: Sequence[Waiver] = ()
    sealed: Sequence[SealedFinding] = ()

    def over(
        self,
        findings: Iterable[Finding],
        member: str,
        counted: timedelta = timedelta(),
        lacking: timedelta = timedelta(),
    ) -> tuple[Finding, ...]:
        """The findings of one task, or of one member's calendars, as the waivers leave them.

        `counted` is the task's time that counts now, `lacking` what it lacks.  A waiver covers an
        error only while its code, its events and these are no worse than in the sealed report;
        otherwise the error stands beside it (contract, section 7).
        """
        return tuple(self._over(findings, member, list(self.sealed), counted, lacking))

    def _over(
        self,
        findings: Iterable[Finding],
        member: str,
        left: list[SealedFinding],
        counted: timedelta,
        lacking: timedelta,
    ) -> Iterator[Finding]:
        for finding in findings:
            waiver = self._waiver_for(finding, member)
            if waiver is None:
                yield finding
                continue
            known = next((one for one in left if _is_same(one, finding)), None)
            if known is not None and counted >= known.counted and lacking <= known.lacking:
                left.remove(known)
                yield _info(finding, f"{finding.message} (waived, because: {waiver.because})")
            else:
                name = finding.task or "the calendars"
                code = finding.code.value
                yield finding
                yield _info(
                    finding,
                    f"{name}: waived was less than this {code}, so the error is "
                    f"back (waived, because: {waiver.because})",
                )

    def _waiver_for(self, finding: Finding, member: str) -> Waiver | None:
        if finding.severity is not Severity.ERROR:
            return None
        of = (one for one in self.waivers if one.speaks_of(member, finding.task, finding.code))
        return next(of, None)


def _is_same(sealed: SealedFinding, finding: Finding) -> bool:
    """The same error, or one that is less: some time instead of none."""
    codes = {finding.code, *([Code.MISSING] if finding.code is Code.SHORT else [])}
    same_task = sealed.task == finding.task
    return same_task and sealed.code in codes and sealed.events == finding.events


def _info(finding: Finding, message: str) -> Finding:
    return Finding(Code.WAIVED, Severity.INFO, message, finding.task, finding.span, finding.events)
