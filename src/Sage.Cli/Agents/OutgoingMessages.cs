namespace Sage.Cli;

/// <summary>What is sent in one session.</summary>
/// <param name="Messages">The messages in their order, made as they are needed.</param>
/// <param name="IsOneFile">Whether it is the content of one file, so that the reply is written as it is.</param>
internal sealed record OutgoingMessages(IEnumerable<byte[]> Messages, bool IsOneFile);
