using System.Text.RegularExpressions;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>A signed message that somebody changed in one covered place.</summary>
internal sealed partial record Tampering(string Name, JudgedMessage Message)
{
    /// <summary>Every change that a signature over these components must reveal.</summary>
    public static IEnumerable<Tampering> Of(JudgedMessage signed, IReadOnlyList<SignatureComponent> components)
    {
        foreach (SignatureComponent component in components)
        {
            foreach (Tampering tampering in Of(signed, component))
            {
                yield return tampering;
            }
        }

        yield return new("signature byte", signed.Replace(SignatureFields.SignatureName, FlipByte));
        yield return new("created", signed.Replace(SignatureFields.InputName, input => Created().Replace(input, match => $"created={long.Parse(match.Groups[1].Value, null) - 1}")));
        yield return new("parameter added", signed.Replace(SignatureFields.InputName, input => input + ";x=1"));
        if (signed.Fields.Any(field => field.Key == SignatureFields.InputName && field.Value.Contains(";expires=", StringComparison.Ordinal)))
        {
            yield return new("expires put off", signed.Replace(SignatureFields.InputName, input => input.Replace(";expires=", ";expires=1", StringComparison.Ordinal)));
        }

        if (components.Count > 0)
        {
            yield return new("component left out", signed.Replace(SignatureFields.InputName, input => input.Replace(components[^1].Identifier, "", StringComparison.Ordinal)));
        }
    }

    /// <summary>A body that its digest does not belong to. Libraries that see no body cannot tell.</summary>
    public static Tampering Body(JudgedMessage signed) => new("body", signed with { Body = signed.Body + "x" });

    private static IEnumerable<Tampering> Of(JudgedMessage signed, SignatureComponent component)
    {
        if (!component.Name.StartsWith('@'))
        {
            if (!component.Identifier.Contains(";key=", StringComparison.Ordinal))
            {
                yield return Change(signed, component, "changed", message => message.Replace(component.Name, value => value.TrimEnd() + "x"));
            }

            // web-bot-auth takes an absent field for an empty one.
            if (component.Name != "x-empty")
            {
                yield return Change(signed, component, "removed", message => message with { Fields = [.. message.Fields.Where(field => !field.Key.Equals(component.Name, StringComparison.OrdinalIgnoreCase))] });
            }

            yield break;
        }

        yield return Change(signed, component, "changed", message => component.Name switch
        {
            "@method" => message with { Method = "PUT" },
            "@authority" => message with { Authority = "evil.example" },
            "@scheme" => message with { Scheme = message.Scheme == "https" ? "http" : "https" },
            "@path" => message with { Target = "/x" + message.Target },
            "@status" => message with { Status = 500 },
            "@query-param" => message with { Target = message.Target[..message.Target.IndexOf('?')] },
            _ => message with { Target = message.Target + (message.Target.Contains('?') ? "&z=1" : "?z=1") },
        });
    }

    private static Tampering Change(JudgedMessage signed, SignatureComponent component, string how, Func<JudgedMessage, JudgedMessage> change) =>
        new($"{component.Identifier} {how}", component.IsFromRequest ? signed with { Request = change(signed.Request!) } : change(signed));

    private static string FlipByte(string member)
    {
        int start = member.IndexOf('=', StringComparison.Ordinal) + 2;
        byte[] signature = Convert.FromBase64String(member[start..^1]);
        signature[signature.Length / 2] ^= 1;
        return $"{member[..start]}{Convert.ToBase64String(signature)}:";
    }

    [GeneratedRegex("created=([0-9]+)")]
    private static partial Regex Created();
}
