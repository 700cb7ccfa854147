using System.Globalization;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>Appends the value of one component (RFC 9421 §2.5).</summary>
internal static class ComponentValue
{
    public static void Write(SignatureComponent component, SignatureContext message, SignaturePolicy policy, ref SignatureBaseWriter writer)
    {
        SignatureContext? source = message;
        if (component.IsFromRequest)
        {
            if (!message.IsResponse)
            {
                // A request has no request; were it ignored, two identifiers would name one value.
                writer.Fail(SignatureError.InvalidComponentParameter);
                return;
            }

            source = message.Request;
            if (source is null)
            {
                writer.Fail(SignatureError.ComponentMissing);
                return;
            }
        }

        if (component.Kind == ComponentKind.Field)
        {
            WriteField(component, source, policy, ref writer);
        }
        else
        {
            WriteDerived(component, source, ref writer);
        }
    }

    private static void WriteDerived(SignatureComponent component, SignatureContext source, ref SignatureBaseWriter writer)
    {
        if (source.IsResponse != (component.Kind == ComponentKind.Status))
        {
            writer.Fail(SignatureError.ComponentMissing);
            return;
        }

        ReadOnlySpan<char> target = source.RequestTarget;
        switch (component.Kind)
        {
            case ComponentKind.Method:
                WritePart(source.Method, ref writer);
                break;
            case ComponentKind.Authority:
                WritePart(source.Authority, ref writer);
                break;
            case ComponentKind.Scheme:
                WritePart(source.Scheme, ref writer);
                break;
            case ComponentKind.RequestTarget:
                WritePart(target, ref writer);
                break;
            case ComponentKind.TargetUri:
                WriteTargetUri(source, ref writer);
                break;
            case ComponentKind.Path:
                writer.Append(MessageTarget.Path(target));
                break;
            case ComponentKind.Query:
                writer.Append("?"u8);
                MessageTarget.TryGetQuery(target, out ReadOnlySpan<char> query);
                writer.Append(query);
                break;
            case ComponentKind.QueryParam:
                MessageTarget.TryGetQuery(target, out ReadOnlySpan<char> parameters);
                SignatureError error = QueryParameters.Write(parameters, component.Argument!, ref writer);
                if (error != SignatureError.None)
                {
                    writer.Fail(error);
                }

                break;
            default:
                Span<char> digits = stackalloc char[11];
                source.Status.TryFormat(digits, out int written, "D3", CultureInfo.InvariantCulture);
                writer.Append(digits[..written]);
                break;
        }
    }

    private static void WriteTargetUri(SignatureContext source, ref SignatureBaseWriter writer)
    {
        string target = source.RequestTarget;
        if (MessageTarget.IsAbsolute(target))
        {
            // It names an authority itself. Were it another one than @authority, a policy that looks at one would not see the other.
            if (!MessageTarget.NormalizeAuthority(MessageTarget.AuthorityOf(target).ToString(), source.Scheme).Equals(source.Authority, StringComparison.Ordinal))
            {
                writer.Fail(SignatureError.InvalidComponentValue);
            }

            writer.Append(target);
            return;
        }

        if (target is not "*" and not ['/', ..])
        {
            // The authority form of CONNECT, or nonsense: put behind the authority it would name another one.
            writer.Fail(SignatureError.InvalidComponentValue);
            return;
        }

        WritePart(source.Scheme, ref writer);
        writer.Append("://"u8);
        WritePart(source.Authority, ref writer);

        // The asterisk form stands for an empty path (RFC 9112 §3.3).
        if (target is not "*")
        {
            writer.Append(target);
        }
    }

    // Every request has these parts; an empty one is not known, and signed as it is it would fit any message.
    private static void WritePart(ReadOnlySpan<char> part, ref SignatureBaseWriter writer)
    {
        if (part.IsEmpty)
        {
            writer.Fail(SignatureError.ComponentMissing);
        }

        writer.Append(part);
    }

    private static void WriteField(SignatureComponent component, SignatureContext source, SignaturePolicy policy, ref SignatureBaseWriter writer)
    {
        StringValues lines = (component.Parameters & ComponentParameters.Trailer) != 0
            ? source.Trailers?.Invoke(component.Name) ?? StringValues.Empty
            : source.Field(component.Name);
        if (lines.Count == 0)
        {
            writer.Fail(SignatureError.ComponentMissing);
        }
        else if ((component.Parameters & ComponentParameters.ByteSequence) != 0)
        {
            WriteBytes(lines, source, ref writer);
        }
        else if ((component.Parameters & ComponentParameters.Key) != 0)
        {
            WriteMember(lines, component.Argument!, ref writer);
        }
        else if ((component.Parameters & ComponentParameters.StructuredField) != 0)
        {
            WriteStructured(component.Name, lines, policy, ref writer);
        }
        else
        {
            WriteLines(lines, ref writer);
        }
    }

    private static void WriteLines(StringValues lines, ref SignatureBaseWriter writer)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0)
            {
                writer.Append(", "u8);
            }

            string line = lines[i] ?? "";
            if (line.AsSpan().ContainsAny('\r', '\n'))
            {
                writer.Append(FieldLine.Unfold(line));
            }
            else
            {
                writer.Append(FieldLine.Trim(line));
            }
        }
    }

    private static void WriteBytes(StringValues lines, SignatureContext source, ref SignatureBaseWriter writer)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0)
            {
                writer.Append(", "u8);
            }

            string line = FieldLine.Unfold(lines[i] ?? "");
            byte[] octets = source.FieldEncoding.GetBytes(line);
            if (!source.FieldEncoding.GetString(octets).Equals(line, StringComparison.Ordinal))
            {
                // A character that has no octets was replaced, and two values would be signed alike.
                writer.Fail(SignatureError.InvalidComponentValue);
            }

            writer.Append(":"u8);
            writer.Append(Convert.ToBase64String(octets));
            writer.Append(":"u8);
        }
    }

    private static void WriteMember(StringValues lines, string key, ref SignatureBaseWriter writer)
    {
        if (!TryParse(StructuredFieldType.Dictionary, lines, out StructuredField? field) || field.HasDuplicateKeys)
        {
            writer.Fail(SignatureError.InvalidComponentValue);
            return;
        }

        if (!field.TryGetMember(key, out StructuredValue member))
        {
            writer.Fail(SignatureError.ComponentMissing);
            return;
        }

        StructuredFieldWriter text = new(stackalloc char[StructuredFieldWriter.UsualLength]);
        text.Member();
        member.WriteTo(ref text);
        Append(ref text, ref writer);
    }

    private static void WriteStructured(string name, StringValues lines, SignaturePolicy policy, ref SignatureBaseWriter writer)
    {
        if (!StructuredFieldTypes.TryGet(name, policy.StructuredFields, out StructuredFieldType type))
        {
            writer.Fail(SignatureError.UnknownStructuredField);
        }
        else if (!TryParse(type, lines, out StructuredField? field))
        {
            writer.Fail(SignatureError.InvalidComponentValue);
        }
        else
        {
            writer.Append(field.Serialize());
        }
    }

    private static void Append(ref StructuredFieldWriter text, ref SignatureBaseWriter writer)
    {
        if (text.TryComplete(out string? canonical))
        {
            writer.Append(canonical);
        }
        else
        {
            writer.Fail(SignatureError.InvalidComponentValue);
        }
    }

    private static bool TryParse(StructuredFieldType type, StringValues lines, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StructuredField? field) =>
        FieldLine.TryParse(type, lines, StructuredFieldLimits.Standard, out field);
}
