namespace Sage.Did;

/// <summary>What an <see cref="IRegistryMirrorStore"/> keeps of one agent. Immutable.</summary>
public sealed class RegistryMirrorEntry
{
    /// <summary>The largest value, in bytes.</summary>
    public const int MaxValueSize = 64 * 1024;

    /// <summary>The most terms of an entry.</summary>
    public const int MaxTerms = 32;

    /// <summary>The longest term, in ASCII characters.</summary>
    public const int MaxTermLength = 128;

    /// <summary>Makes an entry.</summary>
    /// <param name="did">The agent.</param>
    /// <param name="value">What the mirror knows, 1 to 65,536 bytes; copied.</param>
    /// <param name="terms">At most 32 different texts to find the entry by, of 1 to 128 characters of printable ASCII, for example <c>active</c>.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public RegistryMirrorEntry(AgentDid did, ReadOnlySpan<byte> value, params IEnumerable<string> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (did == default)
        {
            throw new ArgumentException("The DID is default(AgentDid).", nameof(did));
        }

        if (value.IsEmpty || value.Length > MaxValueSize)
        {
            throw new ArgumentException($"The value of an entry is 1 to {MaxValueSize} bytes.", nameof(value));
        }

        string[] all = [.. terms];
        if (all.Length > MaxTerms || all.Distinct(StringComparer.Ordinal).Count() != all.Length || !all.All(IsTerm))
        {
            throw new ArgumentException($"An entry has at most {MaxTerms} different terms, each 1 to {MaxTermLength} characters of printable ASCII.", nameof(terms));
        }

        Did = did;
        Value = value.ToArray();
        Terms = all;
    }

    /// <summary>The agent.</summary>
    public AgentDid Did { get; }

    /// <summary>What the mirror knows.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Texts by which a database may find the entry; the mirror itself has no use for them when it reads.</summary>
    public IReadOnlyList<string> Terms { get; }

    private static bool IsTerm(string term) => term is { Length: > 0 and <= MaxTermLength } && !term.AsSpan().ContainsAnyExceptInRange('!', '~');
}
