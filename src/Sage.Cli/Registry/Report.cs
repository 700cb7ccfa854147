using System.Text.Json;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>What a command found or did: named values, as two columns for reading or one JSON object for scripts.</summary>
internal sealed class Report
{
    private readonly List<(string Label, string Text)> lines = [];
    private readonly List<Action<Utf8JsonWriter>> members = [];

    /// <param name="name">The member; for reading, its underscores are blanks.</param>
    /// <param name="value">The value.</param>
    public Report Add(string name, string value) => Add(name, value, json => json.WriteString(name, value));

    public Report Add(string name, ulong value) =>
        Add(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), json => json.WriteNumber(name, value));

    public Report Add(TransactionReceipt receipt) => Add("transaction", receipt.TransactionHash.ToString())
        .Add("block", receipt.BlockNumber)
        .Add("gas_used", receipt.GasUsed);

    /// <summary>An array of objects; for reading, one line each.</summary>
    public Report AddAll(string name, IEnumerable<(string Label, Report Item)> items)
    {
        List<(string Label, Report Item)> all = [.. items];
        lines.AddRange(all.Select(item => (item.Label, string.Join(' ', item.Item.lines.Select(line => line.Text)))));
        members.Add(json =>
        {
            json.WriteStartArray(name);
            foreach ((_, Report item) in all)
            {
                json.WriteStartObject();
                item.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return this;
    }

    public string ToString(bool asJson)
    {
        int width = lines.Max(line => line.Label.Length);
        return asJson ? JsonText.Object(WriteTo) : string.Join('\n', lines.Select(line => $"{line.Label.PadRight(width)}  {line.Text}"));
    }

    private Report Add(string name, string text, Action<Utf8JsonWriter> write)
    {
        lines.Add((name.Replace('_', ' '), text));
        members.Add(write);
        return this;
    }

    private void WriteTo(Utf8JsonWriter json)
    {
        foreach (Action<Utf8JsonWriter> member in members)
        {
            member(json);
        }
    }
}
