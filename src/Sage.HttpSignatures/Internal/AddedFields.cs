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

    /// <summary>The value that was added under a name; null if none was.</summary>
    public string? ValueOf(string name) => fields.Find(field => field.Name == name).Value;

    /// <summary>Whether something was added to these fields: to those of a body its digest, for which it was buffered.</summary>
    public bool IsOn(HttpHeaders headers) => fields.Exists(field => ReferenceEquals(field.Headers, headers));

    public AddedFields Copy()
    {
        AddedFields copy = new();
        copy.fields.AddRange(fields);
        return copy;
    }

    /// <summary>Removes what was added, and adds again what a copy of an earlier state holds.</summary>
    public void ReplaceBy(AddedFields earlier)
    {
        Remove();
        foreach ((HttpHeaders headers, string name, string value) in earlier.fields)
        {
            Add(headers, name, value);
        }
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
