"""`python -m blocker`."""

from blocker.cli.main import main

if __name__ == "__main__":
    main()
