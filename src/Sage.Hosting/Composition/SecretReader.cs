using System.Text;

namespace Sage.Hosting;

/// <summary>Follows references while a host is composed, and remembers what was wrong.</summary>
/// <remarks>Composition is synchronous, as containers are; it runs once, before anything listens, and every source bounds its time.</remarks>
internal sealed class SecretReader(SecretSources sources, List<string> problems)
{
    /// <summary>The secret that a setting refers to, or <see langword="null"/>, and a problem more.</summary>
    public string? Read(string key, string reference)
    {
        try
        {
            if (!SecretReference.TryParse(reference, out SecretReference? parsed))
            {
                throw new SecretException(SecretError.InvalidReference, "this is no reference to a secret.");
            }

            using SecretValue secret = sources.ReadAsync(parsed).AsTask().GetAwaiter().GetResult();
            return secret.Reveal();
        }
        catch (SecretException exception)
        {
            problems.Add($"'{key}': {exception.Message}");
        }
        catch (DecoderFallbackException)
        {
            problems.Add($"'{key}': the secret is not UTF-8 text.");
        }

        return null;
    }

    /// <summary>Adds a problem.</summary>
    public T? Refuse<T>(string key, string problem)
        where T : class
    {
        problems.Add($"'{key}': {problem}");
        return null;
    }
}
