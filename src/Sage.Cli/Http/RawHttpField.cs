namespace Sage.Cli;

/// <summary>One field of a message as it stands there, its folds undone.</summary>
/// <param name="Name">The name as sent.</param>
/// <param name="Value">The value without white space at its ends, one character an octet.</param>
internal sealed record RawHttpField(string Name, string Value);
