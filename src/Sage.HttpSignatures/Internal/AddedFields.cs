using System.Net.Http.Headers;

namespace Sage.HttpSignatures.Internal;

/// <summary>The fields that signing added to a request, so that signing it again can take them away.</summary>
internal sealed class AddedFields
{
    private readonly List<(HttpHeaders Headers, string Name, string Value)> fields = [];

    public void Add(HttpHeaders headers, string name, string value)
    {
        headers.TryAddWithoutValidation(name, value);
        fields.Add((headers, name, value));
    }

    /// <summary>Removes what is still there as it was added; values of others stay.</summary>
    public void Remove()
    {
        foreach ((HttpHeaders headers, string name, string value) in fields)
        {
            if (!headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            {
                continue;
            }

            string[] others = [.. values.Where(other => other != value)];
            headers.Remove(name);
            if (others.Length > 0)
            {
                headers.TryAddWithoutValidation(name, others);
            }
        }

        fields.Clear();
    }
}
