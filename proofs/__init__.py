"""The ledger of the paper: one statement a file, checked by `precise verify`."""

LEDGER = "precise-pbit ledger"
