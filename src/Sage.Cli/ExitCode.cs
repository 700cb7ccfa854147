namespace Sage.Cli;

/// <summary>What the command tells the shell; scripts depend on these numbers.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>Looked at and refused: a bad signature, a wrong passphrase, a damaged file, an unknown DID, a peer's no.</summary>
    Refused = 1,

    /// <summary>The command line itself is wrong.</summary>
    Usage = 2,

    /// <summary>Something could not be read, written or reached.</summary>
    InputOutput = 3,
}
