using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>Where a DID's record stands in a registry file. Records are read when they are first asked for, once.</summary>
internal sealed class RegistrySlot(AgentDid did, ReadOnlyMemory<byte> json, int start)
{
    private volatile bool isRead;
    private AgentRecord? record;
    private int reports;

    /// <summary>The position of the record in the file.</summary>
    public int Start { get; } = start;

    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>Whether the DID is there a second time: then none of its records counts.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>The record; null if it is malformed, or not the only one of its DID.</summary>
    public AgentRecord? Record
    {
        get
        {
            if (!isRead)
            {
                // Two threads may both read it; the results are equal and one is kept.
                record = !IsAmbiguous && AgentRecord.TryParse(Json, out AgentRecord? parsed) && parsed.Did == did ? parsed : null;
                isRead = true;
            }

            return record;
        }
    }

    /// <summary>Whether nobody has said so far that the record is invalid; strangers choose how often it is asked for.</summary>
    public bool IsFirstReport() => Interlocked.Exchange(ref reports, 1) == 0;

    /// <summary>Takes over what an earlier version of the file has already checked, if the bytes are the same.</summary>
    public void Inherit(RegistrySlot earlier)
    {
        if (earlier.isRead && !IsAmbiguous && !earlier.IsAmbiguous && Bytes.PublicEquals(Json.Span, earlier.Json.Span))
        {
            record = earlier.record;
            reports = earlier.reports;
            isRead = true;
        }
    }
}
