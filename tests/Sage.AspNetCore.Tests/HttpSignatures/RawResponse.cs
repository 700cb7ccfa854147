using System.Globalization;
using System.Text;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>A response of HTTP/1.1 as it came.</summary>
internal sealed class RawResponse
{
    public RawResponse(byte[] octets)
    {
        Text = Encoding.UTF8.GetString(octets);
        string[] head = Text.Split("\r\n\r\n", 2)[0].Split("\r\n");
        Status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        Fields = head.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
    }

    public string Text { get; }

    public int Status { get; }

    public ILookup<string, string> Fields { get; }

    /// <summary>The body; with its chunk lines if it has any.</summary>
    public string Body => Text.Split("\r\n\r\n", 2)[1];
}
