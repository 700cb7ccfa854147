namespace Sage.AspNetCore;

/// <summary>A stream of which a part was read already: that part first, then the rest.</summary>
internal sealed class ResumedStream(Stream read, Stream rest) : Stream
{
    private bool resumed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = resumed ? 0 : read.Read(buffer, offset, count);
        resumed |= taken == 0 && count > 0;
        return taken > 0 ? taken : rest.Read(buffer, offset, count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int taken = resumed ? 0 : await read.ReadAsync(buffer, cancellationToken);
        resumed |= taken == 0 && buffer.Length > 0;
        return taken > 0 ? taken : await rest.ReadAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
