"""`python -m storycluster.cli`: the command `storycluster`."""

from storycluster.cli import main

if __name__ == "__main__":
    main()
