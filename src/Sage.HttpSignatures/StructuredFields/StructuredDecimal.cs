namespace Sage.HttpSignatures.StructuredFields;

/// <summary>A decimal of RFC 9651 §3.3.2: up to twelve digits, a point, up to three digits. Kept as a whole number of thousandths, so that nothing rounds.</summary>
internal readonly record struct StructuredDecimal
{
    /// <summary>The greatest magnitude, 999,999,999,999.999.</summary>
    public const long MaxThousandths = 999_999_999_999_999;

    private StructuredDecimal(long thousandths) => Thousandths = thousandths;

    public long Thousandths { get; }

    public static bool TryCreate(long thousandths, out StructuredDecimal value)
    {
        bool fits = thousandths is >= -MaxThousandths and <= MaxThousandths;
        value = fits ? new StructuredDecimal(thousandths) : default;
        return fits;
    }

    /// <summary>Rounds to three digits, a half to the even neighbour (RFC 9651 §4.1.5); false when the result has more than twelve digits before the point.</summary>
    public static bool TryRound(decimal exact, out StructuredDecimal value)
    {
        value = default;
        const decimal Greatest = MaxThousandths / 1000m;
        decimal rounded = decimal.Round(exact, 3, MidpointRounding.ToEven);
        return rounded is >= -Greatest and <= Greatest && TryCreate((long)(rounded * 1000), out value);
    }

    public decimal ToDecimal() => Thousandths / 1000m;

    /// <summary>Reads what the grammar has already accepted: a sign, digits, a point and one to three digits.</summary>
    internal static StructuredDecimal FromChecked(ReadOnlySpan<char> text)
    {
        int point = text.IndexOf('.');
        long thousandths = StructuredNumber.Magnitude(text[..point]);
        for (int i = 1; i <= 3; i++)
        {
            thousandths = (thousandths * 10) + (point + i < text.Length ? text[point + i] - '0' : 0);
        }

        return new StructuredDecimal(text[0] == '-' ? -thousandths : thousandths);
    }
}
