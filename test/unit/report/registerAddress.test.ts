import assert from 'node:assert/strict';
import { registerAddress } from '../../../server/src/report/registerAddress';

const CONSTANTS: Record<string, number> = { MAR0: 8, TxStatus0: 0x10, E1000_CTRL: 0, E1000_82542_CTRL: 0, E1000_MTA: 0x5200 };
const at = (text: string) => registerAddress(text, (word) => CONSTANTS[word] ?? null);

describe('the address of a register', () => {
  it('adds up constants and numbers behind the base', () => {
    assert.deepEqual(at('ioaddr + (MAR0 + 4)'), { address: 12, indexed: false });
    assert.deepEqual(at('((edev)->base + 0x0c)'), { address: 12, indexed: false });
    assert.deepEqual(at('(void __iomem *)(ioaddr + MAR0)'), { address: 8, indexed: false });
  });

  it('takes the register of the newer chip', () => {
    assert.deepEqual(at('(hw->hw_addr + ((hw->mac_type >= e1000_82543) ? E1000_CTRL : E1000_82542_CTRL))'), { address: 0, indexed: false });
  });

  it('knows an index by a product or a second unknown term', () => {
    assert.deepEqual(at('ioaddr + (TxStatus0 + (entry * sizeof (u32)))'), { address: 16, indexed: true });
    assert.deepEqual(at('hw->hw_addr + E1000_MTA + ((index) << 2)'), { address: 0x5200, indexed: true });
    assert.deepEqual(at('ioaddr + TxStatus0 + slot'), { address: 16, indexed: true });
  });

  it('guesses nothing where no constant stands', () => {
    assert.deepEqual(at('hw->hw_addr + rx_ring->rdt'), { address: null, indexed: false });
    assert.deepEqual(at('address'), { address: null, indexed: false });
  });
});
