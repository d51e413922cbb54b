using System.Runtime.Versioning;

// The tests speak to shells, signals, pipes and modes of files.
[assembly: UnsupportedOSPlatform("windows")]
