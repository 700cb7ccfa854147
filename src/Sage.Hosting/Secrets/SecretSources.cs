namespace Sage.Hosting;

/// <summary>Every place that secrets are read from, by scheme.</summary>
internal sealed class SecretSources
{
    private readonly Dictionary<string, ISecretSource> sources = new(StringComparer.Ordinal);

    /// <param name="sources">The sources; one given later stands in for an earlier one of the same scheme.</param>
    public SecretSources(IEnumerable<ISecretSource> sources)
    {
        foreach (ISecretSource source in sources)
        {
            this.sources[source.Scheme] = source;
        }
    }

    /// <summary>The schemes, for messages.</summary>
    public string Schemes => string.Join(", ", sources.Keys.Order(StringComparer.Ordinal).Select(scheme => $"{scheme}:…"));

    public bool Knows(string scheme) => sources.ContainsKey(scheme);

    /// <summary>Reads a secret.</summary>
    /// <exception cref="SecretException">It cannot be had.</exception>
    public async ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken = default) =>
        sources.TryGetValue(reference.Scheme, out ISecretSource? source)
            ? await source.ReadAsync(reference.Path, cancellationToken).ConfigureAwait(false)
            : throw new SecretException(SecretError.InvalidReference, $"no source of secrets has this scheme; there are {Schemes}.");
}
