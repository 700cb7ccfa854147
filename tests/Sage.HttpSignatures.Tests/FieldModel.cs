using System.Globalization;
using System.Text.Json;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests;

/// <summary>A token, as distinct from a string.</summary>
internal sealed record Token(string Text);

/// <summary>Seconds since 1970, as distinct from an integer.</summary>
internal sealed record Seconds(long Value);

/// <summary>A display string, as distinct from a string.</summary>
internal sealed record Display(string Text);

internal sealed record Parameter(string Key, object Value);

/// <summary>A member; <see cref="Value"/> is a bare value, or an array of members without keys for an inner list.</summary>
internal sealed record Member(string Key, object Value, Parameter[] Parameters);

/// <summary>A field as plain values, apart from the code under test: read from the vectors, generated, or filled through the public getters.</summary>
internal sealed record FieldModel(StructuredFieldType Type, Member[] Members)
{
    public static FieldModel From(StructuredField field) =>
        new(field.Type, [.. Enumerable.Range(0, field.Count).Select(i => From(field[i]))]);

    public static FieldModel From(StructuredFieldType type, JsonElement expected) => type switch
    {
        StructuredFieldType.Item => new(type, [MemberFrom(string.Empty, expected)]),
        StructuredFieldType.List => new(type, [.. expected.EnumerateArray().Select(member => MemberFrom(string.Empty, member))]),
        _ => new(type, [.. expected.EnumerateArray().Select(pair => MemberFrom(pair[0].GetString()!, pair[1]))]),
    };

    public bool TryWrite(out string? text)
    {
        StructuredFieldWriter writer = new(stackalloc char[16]);
        foreach (Member member in Members)
        {
            if (Type == StructuredFieldType.Dictionary)
            {
                writer.Member(member.Key);
            }
            else
            {
                writer.Member();
            }

            Write(ref writer, member);
        }

        return writer.TryComplete(out text);
    }

    /// <summary>Equal for equal fields only; every kind has its own mark.</summary>
    public string Describe() => Type + Describe(Members);

    public override string ToString() => Describe();

    private static string Describe(Member[] members) =>
        string.Concat(members.Select(member => $"\n<{member.Key}|{Describe(member.Value)}|{string.Concat(member.Parameters.Select(p => $"{p.Key}:{Describe(p.Value)},"))}>"));

    private static string Describe(object value) => value switch
    {
        Member[] inner => "(" + Describe(inner) + ")",
        byte[] bytes => "bytes " + Convert.ToHexString(bytes),
        string text => "string " + text,
        long number => "integer " + number.ToString(CultureInfo.InvariantCulture),
        decimal number => "decimal " + number.ToString("0.000#########", CultureInfo.InvariantCulture),
        bool truth => "boolean " + (truth ? "1" : "0"),
        Token token => "token " + token.Text,
        Seconds seconds => "date " + seconds.Value.ToString(CultureInfo.InvariantCulture),
        Display display => "display " + display.Text,
        _ => throw new ArgumentException(value.GetType().Name),
    };

    private static Member From(StructuredValue value)
    {
        List<Parameter> parameters = [];
        foreach (StructuredValue parameter in value.Parameters)
        {
            parameters.Add(new Parameter(parameter.Key.ToString(), BareFrom(parameter)));
        }

        if (value.Kind != StructuredValueKind.InnerList)
        {
            return new Member(value.Key.ToString(), BareFrom(value), [.. parameters]);
        }

        List<Member> items = [];
        foreach (StructuredValue item in value.Items)
        {
            items.Add(From(item));
        }

        return new Member(value.Key.ToString(), items.ToArray(), [.. parameters]);
    }

    private static object BareFrom(StructuredValue value)
    {
        List<object> answers = [];
        if (value.TryGetInteger(out long integer))
        {
            answers.Add(integer);
        }

        if (value.TryGetDecimal(out StructuredDecimal number))
        {
            answers.Add(number.ToDecimal());
        }

        if (value.TryGetString(out string? text))
        {
            answers.Add(text);
        }

        if (value.TryGetToken(out string? token))
        {
            answers.Add(new Token(token));
        }

        if (value.TryGetBytes(out byte[]? bytes))
        {
            answers.Add(bytes);
        }

        if (value.TryGetBoolean(out bool truth))
        {
            answers.Add(truth);
        }

        if (value.TryGetDate(out long seconds))
        {
            answers.Add(new Seconds(seconds));
        }

        if (value.TryGetDisplayString(out string? display))
        {
            answers.Add(new Display(display));
        }

        Assert.That(answers, Has.Count.EqualTo(1), "a value has one kind");
        return answers[0];
    }

    private static void Write(ref StructuredFieldWriter writer, Member member)
    {
        if (member.Value is Member[] inner)
        {
            writer.OpenInnerList();
            foreach (Member item in inner)
            {
                Write(ref writer, item);
            }

            writer.CloseInnerList();
        }
        else
        {
            WriteBare(ref writer, member.Value);
        }

        foreach (Parameter parameter in member.Parameters)
        {
            writer.Parameter(parameter.Key);
            WriteBare(ref writer, parameter.Value);
        }
    }

    private static void WriteBare(ref StructuredFieldWriter writer, object value)
    {
        switch (value)
        {
            case long number:
                writer.Integer(number);
                break;
            case decimal number:
                writer.Decimal(number);
                break;
            case string text:
                writer.String(text);
                break;
            case Token token:
                writer.Token(token.Text);
                break;
            case byte[] bytes:
                writer.Bytes(bytes);
                break;
            case bool truth:
                writer.Boolean(truth);
                break;
            case Seconds seconds:
                writer.Date(seconds.Value);
                break;
            case Display display:
                writer.DisplayString(display.Text);
                break;
            default:
                throw new ArgumentException(value.GetType().Name);
        }
    }

    private static Member MemberFrom(string key, JsonElement pair)
    {
        Parameter[] parameters = [.. pair[1].EnumerateArray().Select(parameter => new Parameter(parameter[0].GetString()!, BareFrom(parameter[1])))];
        return pair[0].ValueKind == JsonValueKind.Array
            ? new Member(key, pair[0].EnumerateArray().Select(item => MemberFrom(string.Empty, item)).ToArray(), parameters)
            : new Member(key, BareFrom(pair[0]), parameters);
    }

    private static object BareFrom(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText().Contains('.', StringComparison.Ordinal) ? value.GetDecimal() : (object)value.GetInt64(),
        _ => value.GetProperty("__type").GetString() switch
        {
            "token" => new Token(value.GetProperty("value").GetString()!),
            "binary" => FromBase32(value.GetProperty("value").GetString()!),
            "date" => new Seconds(value.GetProperty("value").GetInt64()),
            _ => new Display(value.GetProperty("value").GetString()!),
        },
    };

    private static byte[] FromBase32(string text)
    {
        List<byte> bytes = [];
        int buffer = 0;
        int bits = 0;
        foreach (char character in text.TrimEnd('='))
        {
            buffer = ((buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal)) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return [.. bytes];
    }
}
