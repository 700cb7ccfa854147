namespace Sage.AspNetCore;

/// <summary>Keeps a response until it is signed; what does not fit is refused, and with it the whole response.</summary>
internal sealed class ResponseBuffer(int limit) : Stream
{
    private readonly MemoryStream content = new();

    /// <summary>Whether more was written than there is room for.</summary>
    public bool IsOverfull { get; private set; }

    public ReadOnlyMemory<byte> Written => content.GetBuffer().AsMemory(0, (int)content.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // Throwing ends an endpoint that would write for ever; the flag is for one that catches it.
        if (IsOverfull || content.Length + buffer.Length > limit)
        {
            IsOverfull = true;
            throw new InvalidOperationException($"The response is longer than the {limit} bytes that are kept to be signed: raise MaxBodySize of the policy, or do not sign this endpoint.");
        }

        content.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
