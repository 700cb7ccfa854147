using System.Buffers.Binary;

namespace Sage.Crypto.Internal;

/// <summary>Tags and lengths of DER for content below 64 KiB.</summary>
internal static class DerLength
{
    public static int HeaderSize(int content) => content < 0x80 ? 2 : content < 0x100 ? 3 : 4;

    /// <summary>Writes one tag and its length; returns how many bytes that took.</summary>
    public static int WriteHeader(Span<byte> destination, byte tag, int content)
    {
        int size = HeaderSize(content);
        destination[0] = tag;
        destination[1] = size == 2 ? (byte)content : (byte)(0x80 + size - 2);
        if (size == 3)
        {
            destination[2] = (byte)content;
        }
        else if (size == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)content));
        }

        return size;
    }
}
