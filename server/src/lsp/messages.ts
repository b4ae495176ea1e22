import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver';

/** Shows a message that asks nothing back: the library's own helpers send a request even when there is nothing to choose. */
export function showMessage(connection: Connection, type: 'warning' | 'information', message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, {
    type: type === 'warning' ? MessageType.Warning : MessageType.Info,
    message,
  });
}
