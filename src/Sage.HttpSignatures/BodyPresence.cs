namespace Sage.HttpSignatures;

/// <summary>Whether a message has a body.</summary>
public enum BodyPresence
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>It has one of at least one byte.</summary>
    Present,

    /// <summary>It may have one: its length is not announced.</summary>
    Unknown,
}
