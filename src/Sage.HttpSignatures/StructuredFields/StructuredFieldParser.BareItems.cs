using System.Buffers;
using Sage.Crypto.Internal;

namespace Sage.HttpSignatures.StructuredFields;

internal ref partial struct StructuredFieldParser
{
    private const int IntegerDigits = 15;
    private const int DecimalWholeDigits = 12;
    private const int DecimalFractionDigits = 3;

    private bool TryBareItem(int keyOffset, int keyLength)
    {
        int start = _at;
        StructuredValueKind kind;
        bool read;
        switch (Next)
        {
            case '"':
                kind = StructuredValueKind.String;
                read = TryString();
                break;
            case ':':
                kind = StructuredValueKind.ByteSequence;
                read = TryByteSequence();
                break;
            case '?':
                kind = StructuredValueKind.Boolean;
                read = TryBoolean();
                break;
            case '@':
                kind = StructuredValueKind.Date;
                _at++;
                read = TryNumber(out StructuredValueKind seconds) && seconds == StructuredValueKind.Integer;
                break;
            case '%':
                kind = StructuredValueKind.DisplayString;
                read = TryDisplayString();
                break;
            case '-' or (>= '0' and <= '9'):
                read = TryNumber(out kind);
                break;
            default:
                kind = StructuredValueKind.Token;
                read = TryToken();
                break;
        }

        if (read)
        {
            _nodes.Add(new StructuredNode { KeyOffset = keyOffset, KeyLength = checked((byte)keyLength), Offset = start, Length = _at - start, Kind = kind });
        }

        return read;
    }

    private bool TryKey(out int length) => StructuredText.StartsKey(Next)
        ? TakeRun(StructuredText.KeyCharacters, _limits.KeyLength, out length)
        : Refuse(out length);

    private bool TryToken() => StructuredText.StartsToken(Next)
        && TakeRun(StructuredText.TokenCharacters, _limits.TokenLength, out _);

    private bool TryNumber(out StructuredValueKind kind)
    {
        kind = StructuredValueKind.Integer;
        Take('-');
        int whole = TakeDigits();
        if (whole is 0 or > IntegerDigits)
        {
            return false;
        }

        if (!Take('.'))
        {
            return true;
        }

        kind = StructuredValueKind.Decimal;
        return whole <= DecimalWholeDigits && TakeDigits() is > 0 and <= DecimalFractionDigits;
    }

    private bool TryString()
    {
        int start = ++_at;
        while (!AtEnd && Next != '"')
        {
            if (Take('\\') && Next is not ('"' or '\\'))
            {
                return false;
            }

            if (!StructuredText.IsPrintable(Next) || _at - start >= _limits.StringLength)
            {
                return false;
            }

            _at++;
        }

        return Take('"');
    }

    private bool TryDisplayString()
    {
        _at++;
        int start = _at + 1;
        if (!Take('"'))
        {
            return false;
        }

        while (Next != '"')
        {
            if (!StructuredText.IsPrintable(Next) || _at - start >= _limits.StringLength)
            {
                return false;
            }

            _at++;
        }

        return DisplayText.IsValid(_text[start.._at++]);
    }

    private bool TryByteSequence()
    {
        int start = ++_at;
        int length = _text[start..].IndexOf(':');
        _at += length + 1;
        return length >= 0 && length <= _limits.ByteSequenceLength && StrictBase64.IsValid(_text.Slice(start, length));
    }

    private bool TryBoolean()
    {
        _at++;
        return Take('0') || Take('1');
    }

    private int TakeDigits()
    {
        int start = _at;
        while (char.IsAsciiDigit(Next))
        {
            _at++;
        }

        return _at - start;
    }

    private bool TakeRun(SearchValues<char> characters, int limit, out int length)
    {
        int end = _text[_at..].IndexOfAnyExcept(characters);
        length = end < 0 ? _text.Length - _at : end;
        _at += length;
        return length <= limit;
    }

    private static bool Refuse(out int length)
    {
        length = 0;
        return false;
    }
}
