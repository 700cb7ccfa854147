using System.Buffers;
using System.Text;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The bytes of a signature base in a rented array. Text that could break the line structure marks the whole as failed.</summary>
internal struct SignatureBaseWriter : IDisposable
{
    /// <summary>A base longer than this is refused: one field may be covered many times over, member by member.</summary>
    public const int MaxLength = 128 * 1024;

    private const int UsualLength = 1024;

    private static readonly SearchValues<char> Permitted =
        SearchValues.Create("\t" + string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)));

    private byte[]? rented;
    private int length;

    /// <summary>The first thing that went wrong.</summary>
    public SignatureError Error { get; private set; }

    public readonly ReadOnlyMemory<byte> Written => rented.AsMemory(0, length);

    public int Length => length;

    /// <summary>Appends printable ASCII; anything else cannot be signed except as byte sequences (RFC 9421 §2.1).</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Permitted))
        {
            Fail(SignatureError.InvalidComponentValue);
        }
        else if (TryReserve(text.Length, out Span<byte> space))
        {
            Ascii.FromUtf16(text, space, out _);
        }
    }

    public void Append(ReadOnlySpan<byte> ascii)
    {
        if (TryReserve(ascii.Length, out Span<byte> space))
        {
            ascii.CopyTo(space);
        }
    }

    /// <summary>Appends text with its ASCII letters lowered.</summary>
    public void AppendLower(ReadOnlySpan<char> text)
    {
        int start = length;
        Append(text);
        if (Error == SignatureError.None)
        {
            Ascii.ToLowerInPlace(rented.AsSpan(start, text.Length), out _);
        }
    }

    public void Fail(SignatureError error)
    {
        if (Error == SignatureError.None)
        {
            Error = error;
        }
    }

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
            rented = null;
            length = 0;
        }
    }

    private bool TryReserve(int count, out Span<byte> space)
    {
        space = default;
        if (Error != SignatureError.None)
        {
            return false;
        }

        if (count > MaxLength - length)
        {
            Fail(SignatureError.SignatureBaseTooLarge);
            return false;
        }

        if (rented is null || count > rented.Length - length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + count, Math.Max(UsualLength, 2 * length)));
            rented.AsSpan(0, length).CopyTo(larger);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            rented = larger;
        }

        space = rented.AsSpan(length, count);
        length += count;
        return true;
    }
}
