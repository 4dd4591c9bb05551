"""The words: what the team speaks of and the rules those words obey.  Standard library only."""
