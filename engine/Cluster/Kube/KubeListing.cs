using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>
/// One list call over all its pages. A page that breaks off is asked for again and what was given already is left out; after an
/// expired token the list goes on with the token that the server offers, or begins anew.
/// </summary>
internal sealed class KubeListing(KubeTransport transport, ApiResource resource, string path, int pageSize, string description) : IDisposable
{
    private const int MaxRestarts = 10;

    private readonly HashSet<string> _givenOfPage = [];
    private readonly RetryBudget _budget = transport.NewBudget();
    private string? _token;
    private int _restarts;
    private bool _done;
    private HttpResponseMessage? _response;
    private Stream? _stream;
    private KubePageReader? _page;

    public void Dispose() => ClosePage();

    /// <summary>The next object, or null after the last.</summary>
    public async Task<KubeObject?> NextAsync(CancellationToken cancellationToken)
    {
        while (!_done)
        {
            KubePageReader page = _page ?? await OpenPageAsync(cancellationToken);
            JsonObject? item;
            try
            {
                item = await page.NextAsync(cancellationToken);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                ClosePage();
                KubeFailure failure = transport.ConnectionFailure(Call(), e);
                if (!await _budget.WaitAsync(failure, isRead: true, cancellationToken))
                {
                    throw failure.Exception;
                }

                continue;
            }

            if (item is null)
            {
                EndPage(page);
            }
            else if (ToObject(item) is var value && _givenOfPage.Add(value.Uid ?? $"{value.Namespace}/{value.Name}"))
            {
                _budget.Reset();
                return value;
            }
        }

        return null;
    }

    private KubeObject ToObject(JsonObject item)
    {
        // Lists of built-in types leave out what all items have in common.
        if (!item.ContainsKey("kind"))
        {
            item.Insert(0, "kind", resource.Kind);
        }

        if (!item.ContainsKey("apiVersion"))
        {
            item.Insert(0, "apiVersion", resource.Gvr.ApiVersion);
        }

        return new KubeObject(item);
    }

    private KubeCall Call()
    {
        string query = (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + $"limit={pageSize}";
        return new KubeCall(HttpMethod.Get, path + query + (_token is null ? "" : "&continue=" + Uri.EscapeDataString(_token)), description);
    }

    private async Task<KubePageReader> OpenPageAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            KubeCall call = Call();
            (HttpResponseMessage? response, KubeFailure? failure) = await transport.TryOpenAsync(call, cancellationToken);
            if (response is not null)
            {
                _response = response;
                Stream stream = _stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                return _page = new KubePageReader((buffer, minimum, token) => transport.ReadAsync(stream, buffer, minimum, token));
            }

            KubeApiException exception = failure!.Exception; // without a response there is a failure
            if (exception.StatusCode == 410 && _token is not null && _restarts < MaxRestarts)
            {
                _restarts++;
                _token = failure.FreshContinue;
                _givenOfPage.Clear();
            }
            else if (!await _budget.WaitAsync(failure, isRead: true, cancellationToken))
            {
                throw exception;
            }
        }
    }

    private void EndPage(KubePageReader page)
    {
        string? next = page.Continue;
        ClosePage();
        if (next is not null && next == _token)
        {
            throw new BackupException(ErrorKind.Corrupt, $"{description}: the API server gives the same page again and again.", "Look at the API server, or a proxy before it.");
        }

        _token = next;
        _done = next is null;
        _givenOfPage.Clear();
        _budget.Reset();
    }

    private void ClosePage()
    {
        _page?.Dispose();
        _stream?.Dispose();
        _response?.Dispose();
        (_page, _stream, _response) = (null, null, null);
    }
}
