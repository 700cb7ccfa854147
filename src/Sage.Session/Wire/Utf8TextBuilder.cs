using System.Buffers.Text;
using System.Text;

namespace Sage.Session;

/// <summary>Joins texts into a buffer that is large enough; the caller's limits make sure of it.</summary>
internal ref struct Utf8TextBuilder(Span<byte> buffer)
{
    private readonly Span<byte> buffer = buffer;
    private int length;

    public readonly ReadOnlySpan<byte> Written => buffer[..length];

    public void Append(scoped ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(buffer[length..]);
        length += utf8.Length;
    }

    public void Append(scoped ReadOnlySpan<char> text) => length += Encoding.UTF8.GetBytes(text, buffer[length..]);

    public void AppendBase64Url(scoped ReadOnlySpan<byte> bytes) => length += Base64Url.EncodeToUtf8(bytes, buffer[length..]);
}
