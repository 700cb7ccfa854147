namespace Sage.Cli;

/// <summary><c>sage http</c>: signatures of HTTP messages (RFC 9421), captured or live.</summary>
internal static class HttpCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        CliCommand command = new("http", "Sign, verify and explain HTTP messages (RFC 9421), captured or live.")
        {
            HttpSignCommand.Create(terminal),
            HttpVerifyCommand.Create(terminal),
            HttpExplainCommand.Create(terminal),
            HttpCallCommand.Create(terminal),
        };
        command.Examples =
        [
            "sage http sign --key key.pem --keyid did:key:z6Mk… request.http > signed.http",
            "sage http verify signed.http",
            "sage http explain --key public.pem signed.http",
            "sage http call http://127.0.0.1:5001/signed-echo --home bob --registry agents.json --body-file order.json",
        ];
        return command;
    }
}
