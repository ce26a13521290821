"""The version; a wheel's is written by what packs it."""

VERSION = "0.1.0.dev0"
