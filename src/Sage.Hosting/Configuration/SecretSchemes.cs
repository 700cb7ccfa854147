namespace Sage.Hosting;

/// <summary>The schemes of references that can be followed.</summary>
internal sealed class SecretSchemes(IReadOnlyCollection<string> schemes)
{
    private readonly string list = string.Join(", ", schemes.Order(StringComparer.Ordinal).Select(scheme => scheme + ":"));

    /// <summary>Adds a problem unless the text is a reference that can be followed. The text itself is never repeated: it may be the secret.</summary>
    public void Check(string key, string? text, List<string> problems)
    {
        if (text is not null && !(SecretReference.TryParse(text, out SecretReference? reference) && schemes.Contains(reference.Scheme)))
        {
            problems.Add($"'{key}' must be a reference to a secret, not the secret: begin it with one of {list}, for example file:/run/secrets/name.");
        }
    }
}
