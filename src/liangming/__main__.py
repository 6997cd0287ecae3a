"""``python -m liangming`` is the command line."""

from liangming.cli import main

if __name__ == "__main__":
    main()
