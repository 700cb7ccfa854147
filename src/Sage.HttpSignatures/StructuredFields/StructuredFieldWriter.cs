using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sage.HttpSignatures.StructuredFields;

/// <summary>Writes a field in canonical form (RFC 9651 §4.1). The caller states the structure in order; the writer puts in what separates. Whatever cannot be written makes the whole fail at the end.</summary>
/// <remarks>A member: <c>Member</c>, then one value or an inner list of values, then per parameter <c>Parameter</c> and one value.</remarks>
internal ref struct StructuredFieldWriter(Span<char> initial) : IDisposable
{
    /// <summary>A good length for the buffer a caller lends.</summary>
    public const int UsualLength = 256;

    private const int LongestNumber = 24;

    private GrowingBuffer<char> _text = new(initial);
    private bool _failed;
    private bool _keyed;
    private bool _inList;
    private bool _needsSpace;

    /// <summary>Begins a member of a list, or the item.</summary>
    public void Member()
    {
        if (_text.Count > 0)
        {
            _text.AddRange(", ");
        }
    }

    /// <summary>Begins a member of a dictionary.</summary>
    public void Member(ReadOnlySpan<char> key)
    {
        Member();
        Key(key);
    }

    /// <summary>Begins a parameter of the value or inner list just written.</summary>
    public void Parameter(ReadOnlySpan<char> key)
    {
        _text.Add(';');
        Key(key);
    }

    public void OpenInnerList()
    {
        BeforeValue();
        _text.Add('(');
        _inList = true;
        _needsSpace = false;
    }

    public void CloseInnerList()
    {
        _text.Add(')');
        _inList = false;
    }

    /// <summary>At most fifteen digits.</summary>
    public void Integer(long value)
    {
        BeforeValue();
        Number(value);
    }

    /// <summary>Without zeros at the end, but with one digit behind the point.</summary>
    public void Decimal(StructuredDecimal value)
    {
        BeforeValue();
        if (value.Thousandths < 0)
        {
            _text.Add('-');
        }

        (long whole, long fraction) = long.DivRem(Math.Abs(value.Thousandths), 1000);
        Number(whole);
        Span<char> digits = ['.', Digit(fraction / 100), Digit(fraction / 10 % 10), Digit(fraction % 10)];
        _text.AddRange(digits[..2]);
        _text.AddRange(digits[2..].TrimEnd('0'));
    }

    /// <summary>Rounded to three digits behind the point, a half to even; at most twelve digits before it.</summary>
    public void Decimal(decimal value)
    {
        _failed |= !StructuredDecimal.TryRound(value, out StructuredDecimal rounded);
        Decimal(rounded);
    }

    /// <summary>Seconds since 1970-01-01T00:00:00Z, at most fifteen digits.</summary>
    public void Date(long seconds)
    {
        BeforeValue();
        _text.Add('@');
        Number(seconds);
    }

    /// <summary>A true behind a key is the key alone.</summary>
    public void Boolean(bool value)
    {
        if (_keyed && value)
        {
            _keyed = false;
            return;
        }

        BeforeValue();
        _text.AddRange(value ? "?1" : "?0");
    }

    public void Token(ReadOnlySpan<char> value)
    {
        _failed |= !StructuredText.IsToken(value);
        Canonical(value);
    }

    /// <summary>Printable ASCII; quotes and backslashes are escaped.</summary>
    public void String(scoped ReadOnlySpan<char> value)
    {
        BeforeValue();
        _text.Add('"');
        foreach (char character in value)
        {
            _failed |= !StructuredText.IsPrintable(character);
            if (character is '"' or '\\')
            {
                _text.Add('\\');
            }

            _text.Add(character);
        }

        _text.Add('"');
    }

    /// <summary>Any Unicode text without lone surrogates.</summary>
    public void DisplayString(string value)
    {
        BeforeValue();
        if (!DisplayText.IsEncodable(value))
        {
            _failed = true;
            return;
        }

        _text.AddRange("%\"");
        foreach (byte octet in Encoding.UTF8.GetBytes(value))
        {
            if (DisplayText.IsPlain(octet))
            {
                _text.Add((char)octet);
            }
            else
            {
                _text.AddRange(['%', HexDigit(octet >> 4), HexDigit(octet & 15)]);
            }
        }

        _text.Add('"');
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        BeforeValue();
        _text.Add(':');
        Convert.TryToBase64Chars(value, _text.Reserve((value.Length + 2) / 3 * 4), out _);
        _text.Add(':');
    }

    /// <summary>A bare value that is known to be in canonical form.</summary>
    internal void Canonical(ReadOnlySpan<char> value)
    {
        BeforeValue();
        _text.AddRange(value);
    }

    /// <summary>Gives the buffer back; needed only when <see cref="TryComplete"/> is not called.</summary>
    public void Dispose() => _text.Dispose();

    /// <summary>The text, if all of it could be written; ends the writer and gives its buffer back.</summary>
    public bool TryComplete([NotNullWhen(true)] out string? text)
    {
        text = _failed ? null : _text.Written.ToString();
        _text.Dispose();
        return text is not null;
    }

    private void Key(ReadOnlySpan<char> key)
    {
        _failed |= !StructuredText.IsKey(key);
        _text.AddRange(key);
        _keyed = true;
    }

    private void BeforeValue()
    {
        if (_keyed)
        {
            _text.Add('=');
            _keyed = false;
        }
        else if (_inList)
        {
            if (_needsSpace)
            {
                _text.Add(' ');
            }

            _needsSpace = true;
        }
    }

    private void Number(long value)
    {
        _failed |= !StructuredNumber.Fits(value);
        Span<char> digits = stackalloc char[LongestNumber];
        value.TryFormat(digits, out int written, provider: CultureInfo.InvariantCulture);
        _text.AddRange(digits[..written]);
    }

    private static char Digit(long value) => (char)('0' + value);

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'a' + value - 10);
}
