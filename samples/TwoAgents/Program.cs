using System.Text;
using TwoAgents;

byte[]? text = await ReadTextAsync(args);
if (text is not { Length: > 0 and <= Conversation.LargestText })
{
    Console.Error.WriteLine("usage: dotnet run --project samples/TwoAgents -- \"any text\"");
    Console.Error.WriteLine("       dotnet run --project samples/TwoAgents -- --file PATH");
    Console.Error.WriteLine($"       the text, or standard input without arguments, has 1 to {Conversation.LargestText} bytes");
    return 2;
}

return await Conversation.RunAsync(text) ? 0 : 1;

static async Task<byte[]?> ReadTextAsync(string[] arguments)
{
    switch (arguments)
    {
        case []:
            // One byte more than fits is enough to see that the input is too large.
            byte[] buffer = new byte[Conversation.LargestText + 1];
            int length = await Console.OpenStandardInput().ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            return buffer[..length];
        case ["--file", string path]:
            if (File.Exists(path))
            {
                return new FileInfo(path).Length <= Conversation.LargestText ? await File.ReadAllBytesAsync(path) : null;
            }

            Console.Error.WriteLine($"There is no file '{path}'.");
            return null;
        default:
            return arguments[0].StartsWith("--", StringComparison.Ordinal) ? null : Encoding.UTF8.GetBytes(string.Join(' ', arguments));
    }
}
