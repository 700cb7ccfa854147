namespace Sage.Cli;

/// <summary><c>sage agent</c>.</summary>
internal static class AgentCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        CliCommand command = new("agent", "Make an agent, let it answer, let it ask.")
        {
            AgentCreateCommand.Create(terminal),
            AgentServeCommand.Create(terminal),
            AgentSendCommand.Create(terminal),
        };
        command.Examples =
        [
            "export SAGE_PASSPHRASE='long and secret'",
            "sage agent create --name alice --endpoint http://127.0.0.1:5001 --home alice --registry agents.json",
            "sage agent create --name bob --endpoint http://127.0.0.1:5002 --home bob --registry agents.json",
            "sage agent serve --home alice --registry agents.json --port 5001 &",
            "sage agent send --home bob --registry agents.json --to did:sage:ethereum:0x… --message hello",
        ];
        return command;
    }
}
