using System.Text;
using Sage.HttpSignatures;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.Fuzz;

/// <summary>The fields that HTTP signatures are made of.</summary>
internal static class HttpTargets
{
    public static FuzzTarget[] All { get; } =
    [
        new("structured-fields", "read, written, read, written gives the same text, and received texts lie in the field", StructuredFields, "sig1=", "(\"@method\" \"@authority\";req)", ";created=1618884473", ";keyid=\"k\"", ":YQ==:", ", ", ";", "?0", "?1", "@-1", "0.125", "-0", "%\"%c3%bc\"", "%f0%9f", "\\\"", "\"", "(", ")", "=", "*a", "\t", "\u00e9", "999999999999999", "999999999999.999"),
    ];

    private static void StructuredFields(ReadOnlySpan<byte> input)
    {
        // One character per byte, as header values arrive.
        string text = Encoding.Latin1.GetString(input);
        foreach (StructuredFieldType type in Enum.GetValues<StructuredFieldType>())
        {
            Check(type, text, StructuredFieldLimits.Default);
            Check(type, text, StructuredFieldLimits.Standard);
        }
    }

    private static void Check(StructuredFieldType type, string text, StructuredFieldLimits limits)
    {
        bool read = StructuredField.TryParse(type, text, limits, out StructuredField? field);
        bool readAsLines = StructuredField.TryParse(type, text.Split('\n'), limits, out StructuredField? lines);
        Oracle.Holds(text.Contains('\n') ? !read : read == readAsLines, "a line break is read, or one line is not a field");
        if (lines is not null)
        {
            CheckAgain(type, lines, limits);
        }

        if (field is not null)
        {
            CheckAgain(type, field, limits);
        }
    }

    private static void CheckAgain(StructuredFieldType type, StructuredField field, StructuredFieldLimits limits)
    {
        Oracle.Holds(field.Count <= limits.Members && field.Text.Length <= limits.FieldLength, "a field is over its limits");
        int end = 0;
        for (int i = 0; i < field.Count; i++)
        {
            (int offset, int length) = field[i].ReceivedRange.GetOffsetAndLength(field.Text.Length);
            Oracle.Holds(field.HasDuplicateKeys || offset >= end, "members overlap");
            end = offset + length;
            CheckMember(type, field[i], limits);
        }

        // Canonical text can be longer than what was received, by a space behind each comma and an escape each; the wider limits leave room for both.
        string canonical = field.Serialize();
        if (canonical.Length > StructuredFieldLimits.Standard.FieldLength)
        {
            return;
        }

        Oracle.Holds(StructuredField.TryParse(type, canonical, StructuredFieldLimits.Standard, out StructuredField? again), "canonical text does not read");
        Oracle.Same(again!.Serialize(), canonical, "canonical text changes when it is written again");
        Oracle.Holds(again.Count == field.Count && !again.HasDuplicateKeys && !again.HasDuplicateParameters, "members came, went or stayed twice");
    }

    private static void CheckMember(StructuredFieldType type, StructuredValue member, StructuredFieldLimits limits)
    {
        Oracle.Holds((type == StructuredFieldType.Dictionary) == (member.Key.Length > 0), "only members of dictionaries have keys");
        Oracle.Holds(member.Items.Count <= limits.InnerListItems && member.Parameters.Count <= limits.Parameters, "a member is over its limits");
        if (member.Kind == StructuredValueKind.InnerList || member.ReceivedText.IsEmpty || member.ReceivedText[0] == ';')
        {
            Oracle.Holds(member.Kind is StructuredValueKind.InnerList or StructuredValueKind.Boolean, "a value without text is not true");
            return;
        }

        Oracle.Holds(StructuredField.TryParse(StructuredFieldType.Item, member.ReceivedText.ToString(), limits, out StructuredField? alone), "the received text of an item is no item");
        Oracle.Holds(alone![0].Kind == member.Kind, "an item is another one alone");
    }
}
