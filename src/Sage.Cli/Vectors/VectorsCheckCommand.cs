using System.CommandLine;

namespace Sage.Cli;

/// <summary><c>sage vectors check</c>.</summary>
internal static class VectorsCheckCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Argument<string> folder = new("DIR") { Description = "The folder with the vector files (crypto.json, did.json, …).", CustomParser = PathArgument.Parse };
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("check", "Run every SAGE P1 vector file of a folder. Exit code 1 unless every vector passes.")
        {
            folder,
            json,
        };
        command.Examples = ["sage vectors check conformance/sage-p1"];
        command.Run(async (parsed, cancellationToken) =>
        {
            List<VectorResult> results = [];
            string path = parsed.GetRequiredValue(folder);
            foreach (string file in Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal))
            {
                foreach (VectorResult result in await VectorFile.CheckAsync(file, cancellationToken))
                {
                    results.Add(result);
                    if (!parsed.GetValue(json))
                    {
                        Print(terminal, result);
                    }
                }
            }

            int failed = results.Count(result => result.Problem is not null);
            if (parsed.GetValue(json))
            {
                terminal.Text.WriteLine(ToJson(results, failed));
            }
            else
            {
                terminal.Text.WriteLine($"{results.Count - failed} passed, {failed} failed");
            }

            if (results.Count == 0)
            {
                throw CommandException.Refused($"There are no vector files in '{path}'.");
            }

            if (failed > 0)
            {
                throw CommandException.Refused($"{failed} of {results.Count} did not pass.");
            }
        });
        return command;
    }

    private static void Print(Terminal terminal, VectorResult result)
    {
        string name = result.Name is null ? result.File : $"{result.File}  {result.Name}";
        terminal.Text.WriteLine(result.Problem is null ? $"ok    {name}" : $"FAIL  {name}: {result.Problem}");
    }

    private static string ToJson(List<VectorResult> results, int failed) => JsonText.Object(members =>
    {
        members.WriteNumber("passed", results.Count - failed);
        members.WriteNumber("failed", failed);
        members.WriteStartArray("vectors");
        foreach (VectorResult result in results)
        {
            members.WriteStartObject();
            members.WriteString("file", result.File);
            members.WriteString("name", result.Name);
            members.WriteBoolean("ok", result.Problem is null);
            if (result.Problem is not null)
            {
                members.WriteString("problem", result.Problem);
            }

            members.WriteEndObject();
        }

        members.WriteEndArray();
    });
}
